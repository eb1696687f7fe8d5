import { z } from 'zod'

/** A member's role in one organisation. */
export const ROLES = ['owner', 'admin', 'member', 'billing'] as const

export const roleSchema = z.enum(ROLES)

export type Role = z.infer<typeof roleSchema>

export type Action = 'use' | 'keys:read' | 'keys:write' | 'members:read' | 'members:write' | 'usage:read' | 'organization:write'

const ALLOWED: Record<Role, ReadonlySet<Action>> = {
  owner: new Set<Action>(['use', 'keys:read', 'keys:write', 'members:read', 'members:write', 'usage:read', 'organization:write']),
  admin: new Set<Action>(['use', 'keys:read', 'keys:write', 'members:read', 'members:write', 'usage:read']),
  member: new Set<Action>(['use', 'keys:read', 'members:read', 'usage:read']),
  billing: new Set<Action>(['members:read', 'usage:read']),
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
