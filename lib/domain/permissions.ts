import { z } from 'zod'

/** A member's role in one organisation. */
export const ROLES = ['owner', 'admin', 'member', 'billing'] as const

export const roleSchema = z.enum(ROLES)

export type Role = z.infer<typeof roleSchema>

export type Action =
  | 'use'
  | 'keys:read'
  | 'keys:write'
  | 'members:read'
  | 'members:write'
  | 'members:transfer'
  | 'usage:read'
  | 'organization:write'
  /** All of its data at once, to take away or to have gone. */
  | 'organization:export'
  | 'organization:erase'
  | 'billing:read'
  | 'billing:write'
  | 'budget:write'
  | 'quota:write'
  | 'audit:read'
  | 'privacy:write'
  | 'glossaries:write'
  | 'sso:write'

const READS = ['members:read', 'usage:read'] as const
const WORK = ['use', 'keys:read', 'glossaries:write'] as const
const ADMINISTRATION = ['keys:write', 'members:write', 'quota:write', 'budget:write', 'billing:read', 'audit:read', 'privacy:write', 'sso:write'] as const

const ALLOWED: Record<Role, ReadonlySet<Action>> = {
  owner: new Set<Action>([...READS, ...WORK, ...ADMINISTRATION, 'members:transfer', 'organization:write', 'organization:export', 'organization:erase', 'billing:write']),
  admin: new Set<Action>([...READS, ...WORK, ...ADMINISTRATION]),
  member: new Set<Action>([...READS, ...WORK]),
  billing: new Set<Action>([...READS, 'billing:read', 'billing:write', 'budget:write']),
}

/** Nobody gives, changes or takes away a role above the own. */
const RANK: Record<Role, number> = { owner: 3, admin: 2, member: 1, billing: 1 }

/** Whether `own` may manage a member of the other role, or give that role to somebody. */
export function mayManage(own: Role, other: Role): boolean {
  return can(own, 'members:write') && RANK[own] >= RANK[other]
}

/** Whether the role reaches the action within its organisation. */
export function can(role: Role, action: Action): boolean {
  return ALLOWED[role].has(action)
}

/** What an API key may be used for. `chat` covers chat and plain completions. */
export const SCOPES = ['chat', 'translate', 'usage', 'fine-tune'] as const

export const scopeSchema = z.enum(SCOPES)

export type Scope = z.infer<typeof scopeSchema>

export const DEFAULT_SCOPES: readonly Scope[] = SCOPES

/** Whether a key's scopes, as stored, reach what the route needs. */
export function reaches(scopes: readonly string[], needed: Scope): boolean {
  return scopes.includes(needed)
}
