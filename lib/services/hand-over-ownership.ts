import { confirmPerson } from '@/lib/auth/sign-in'
import { AppError } from '@/lib/contract/errors'
import { shareOwnership } from '@/lib/db/memberships'
import { auditAs, type Actor } from './actor'
import { member } from './manage-members'
import { requirePermission } from './require-permission'

interface HandOver {
  userId: string
  /** Whether the actor stays an owner too; else becomes an admin. */
  stayOwner: boolean
  password?: string | undefined
  code?: string | undefined
}

/**
 * Makes a member an owner. Confirmed as `confirmPerson` has it, by the actor's password and second factor:
 * a session left open is not enough to give an organisation away.
 */
export async function handOverOwnership(actor: Actor, handOver: HandOver): Promise<void> {
  requirePermission(actor.role, 'members:transfer')
  const { userId, stayOwner, password, code } = handOver
  const { email, role } = await member(actor, userId)
  if (role === 'owner') throw new AppError('conflict', `${email} is an owner already.`)
  if (actor.impersonatedBy !== null) throw new AppError('insufficient_permissions', 'An organisation is handed over by its owner alone.')
  await confirmPerson(actor.email, { password, code }, actor.origin)
  if (!(await shareOwnership(actor.orgId, actor.userId, userId, stayOwner))) throw new AppError('not_found', 'There is no such member.')
  await auditAs(actor, stayOwner ? 'organization.owner_added' : 'organization.transferred', email, { from: role })
}
