import type { Role } from '@/lib/domain/permissions'

/** A member as the page shows one. */
export interface ListedMember {
  userId: string
  name: string
  email: string
  role: Role
  joinedAt: string
  you: boolean
  /** Whether whoever looks may change the role or remove the member. */
  manageable: boolean
  /** Whether whoever looks may make the member an owner. */
  mayOwn: boolean
  /** Tokens a month; null: no limit of the member's own. */
  quota: number | null
  /** Tokens of this month. */
  used: number
  /** The names of the live keys that the member made. */
  keys: readonly string[]
}

/** What a removal leaves behind, in a sentence or two. */
export function removalText({ name, keys }: Pick<ListedMember, 'name' | 'keys'>, orgName: string): string {
  const ends = `${name} is signed out of ${orgName} at once and reaches nothing of it any more.`
  if (keys.length === 0) return ends
  const [subject, verb, them] = keys.length === 1 ? ['The key', 'goes', 'it'] : ['The keys', 'go', 'them']
  return `${ends} ${subject} that ${name} made ${verb} on working: ${keys.join(', ')}. Revoke ${them} under API keys if need be.`
}
