import ChartColumn from 'lucide-react/icons/chart-column'
import Flag from 'lucide-react/icons/flag'
import Gauge from 'lucide-react/icons/gauge'
import Building from 'lucide-react/icons/building-2'
import ScrollText from 'lucide-react/icons/scroll-text'
import Tag from 'lucide-react/icons/tag'
import ToggleRight from 'lucide-react/icons/toggle-right'

/** The pages of the operator's dashboard. */
export const ADMIN_PAGES = [
  { href: '/admin', label: 'Overview', icon: Gauge },
  { href: '/admin/tenants', label: 'Tenants', icon: Building },
  { href: '/admin/usage', label: 'Usage and revenue', icon: ChartColumn },
  { href: '/admin/prices', label: 'Price list', icon: Tag },
  { href: '/admin/flags', label: 'Abuse flags', icon: Flag },
  { href: '/admin/audit', label: 'Audit log', icon: ScrollText },
  { href: '/admin/switches', label: 'Feature switches', icon: ToggleRight },
] as const

export function isCurrentAdminPage(pathname: string, href: string): boolean {
  return pathname === href || (href !== '/admin' && pathname.startsWith(`${href}/`))
}
