import { AppError } from '@/lib/contract/errors'
import { setMemberQuota } from '@/lib/db/budgets'
import type { InvitedRole } from '@/lib/db/invitations'
import { changeMemberRole, findMember, listMembershipsOf, removeMember, type Member } from '@/lib/db/memberships'
import { switchSessionOrganization } from '@/lib/db/sessions'
import type { Role } from '@/lib/domain/permissions'
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

/**
 * Ends a membership and its sessions here. The keys that the member made go on working. Anybody may
 * leave; who belongs to another organisation too goes on in that one.
 */
export async function endMembership(actor: Actor, userId: string): Promise<void> {
  const leaves = userId === actor.userId
  if (!leaves) requirePermission(actor.role, 'members:write')
  const { email } = await member(actor, userId)
  const goesOn = leaves && (await goElsewhere(actor))
  let before: Role | null
  try {
    before = await removeMember(actor.orgId, actor.userId, userId)
  } catch (error) {
    if (goesOn) await switchSessionOrganization(actor.sessionId, actor.orgId)
    throw error
  }
  if (before === null) throw missing()
  await auditAs(actor, leaves ? 'member.left' : 'member.removed', email, { role: before })
}

/** Moves the session to another of the actor's organisations; false where there is none that it may act in. */
async function goElsewhere({ sessionId, userId, orgId }: Actor): Promise<boolean> {
  for (const other of await listMembershipsOf(userId)) {
    if (other.orgId === orgId) continue
    try {
      await switchSessionOrganization(sessionId, other.orgId)
      return true
    } catch (error) {
      // One that asks for its own sign-on.
      if (!(error instanceof AppError && error.code === 'not_found')) throw error
    }
  }
  return false
}

export async function member({ orgId }: Pick<Actor, 'orgId'>, userId: string): Promise<Member> {
  const found = await findMember(orgId, userId)
  if (found === null) throw missing()
  return found
}

const missing = (): AppError => new AppError('not_found', 'There is no such member.')
