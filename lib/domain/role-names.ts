import type { Role } from './permissions'

/** As people read them. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = { owner: 'Owner', admin: 'Admin', member: 'Member', billing: 'Billing' }

export const ROLE_HINTS: Readonly<Record<Role, string>> = {
  owner: 'Everything, and the organisation itself',
  admin: 'Members, keys and settings',
  member: 'Chat, translate and write',
  billing: 'Usage and billing, no chats',
}
