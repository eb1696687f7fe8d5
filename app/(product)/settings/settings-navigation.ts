import type { Action } from '@/lib/domain/permissions'

/** The pages of the settings, in the order of their tabs; `needs` null for everybody. */
export const SETTINGS_PAGES = [
  { href: '/settings', label: 'Profile', needs: null },
  { href: '/settings/security', label: 'Security', needs: null },
  { href: '/settings/organization', label: 'Organisation', needs: null },
  { href: '/settings/members', label: 'Members', needs: 'members:read' },
  { href: '/settings/sso', label: 'Single sign-on', needs: 'sso:write' },
  { href: '/settings/billing', label: 'Billing', needs: 'billing:read' },
  { href: '/settings/privacy', label: 'Privacy', needs: 'privacy:write' },
  { href: '/settings/audit', label: 'Audit log', needs: 'audit:read' },
] as const satisfies readonly { href: string; label: string; needs: Action | null }[]
