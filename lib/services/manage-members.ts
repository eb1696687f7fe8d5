import { AppError } from '@/lib/contract/errors'
import { setMemberQuota } from '@/lib/db/budgets'
import type { InvitedRole } from '@/lib/db/invitations'
import { changeMemberRole, findMember, removeMember, type Member } from '@/lib/db/memberships'
import { auditAs, type Actor } from './actor'
import { requirePermission } from './require-permission'

/** Ownership is given by handOverOwnership alone, which asks for a confirmation. */
export async function changeRole(actor: Actor, userId: string, role: InvitedRole): Promise<void> {
  requirePermission(actor.role, 'members:write')
  const { email } = await member(actor, userId)
  const before = await changeMemberRole(actor.orgId, actor.userId, userId, role)
  if (before === null) throw missing()
  if (before !== role) await auditAs(actor, 'member.role_changed', email, { from: before, to: role })
}

/** Prompt and completion tokens a month; null lifts the limit. */
export async function changeMemberQuota(actor: Actor, userId: string, tokens: number | null): Promise<void> {
  requirePermission(actor.role, 'quota:write')
  const { email, tokenQuota } = await member(actor, userId)
  await setMemberQuota(actor.orgId, userId, tokens)
  if (tokenQuota !== tokens) await auditAs(actor, 'quota.changed', email, { from: tokenQuota, to: tokens })
}

/** Ends a membership and its sessions here. The keys that the member made go on working. Anybody may leave. */
export async function endMembership(actor: Actor, userId: string): Promise<void> {
  const leaves = userId === actor.userId
  if (!leaves) requirePermission(actor.role, 'members:write')
  const { email } = await member(actor, userId)
  const before = await removeMember(actor.orgId, actor.userId, userId)
  if (before === null) throw missing()
  await auditAs(actor, leaves ? 'member.left' : 'member.removed', email, { role: before })
}

export async function member({ orgId }: Pick<Actor, 'orgId'>, userId: string): Promise<Member> {
  const found = await findMember(orgId, userId)
  if (found === null) throw missing()
  return found
}

const missing = (): AppError => new AppError('not_found', 'There is no such member.')
