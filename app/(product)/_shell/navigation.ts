import ChartColumn from 'lucide-react/icons/chart-column'
import Gauge from 'lucide-react/icons/gauge'
import KeyRound from 'lucide-react/icons/key-round'
import Languages from 'lucide-react/icons/languages'
import MessageSquare from 'lucide-react/icons/message-square'
import PenLine from 'lucide-react/icons/pen-line'
import Settings from 'lucide-react/icons/settings'

import type { Action } from '@/lib/domain/permissions'

/** The pages of the workspace. The first three have a place of their own on a phone. */
export const DESTINATIONS = [
  { href: '/chat', label: 'Chat', icon: MessageSquare, needs: 'use', primary: true },
  { href: '/translate', label: 'Translate', icon: Languages, needs: 'use', primary: true },
  { href: '/write', label: 'Write', icon: PenLine, needs: 'use', primary: true },
  { href: '/keys', label: 'API keys', icon: KeyRound, needs: 'keys:read', primary: false },
  { href: '/usage', label: 'Usage', icon: ChartColumn, needs: 'usage:read', primary: false },
  { href: '/settings', label: 'Settings', icon: Settings, needs: null, primary: false },
  // For operators of the installation alone.
  { href: '/admin', label: 'Operations', icon: Gauge, needs: null, primary: false },
] as const satisfies readonly { href: string; label: string; icon: typeof Settings; needs: Action | null; primary: boolean }[]

export type Destination = (typeof DESTINATIONS)[number]

export function isCurrent(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`)
}
