import { AppError } from '@/lib/contract/errors'
import { recordAudit } from '@/lib/db/audit'
import { addOrganization, renameOrganization as storeName } from '@/lib/db/organizations'
import { switchSessionOrganization } from '@/lib/db/sessions'
import { auditAs, type Actor } from './actor'
import { requirePermission } from './require-permission'

/** One more organisation of the actor's, in which the session goes on. AppError `conflict` where the actor owns too many. */
export async function createOrganization(actor: Actor, name: string): Promise<{ id: string }> {
  if (actor.identityProviderId !== null || actor.impersonatedBy !== null) {
    throw new AppError('insufficient_permissions', 'This session acts in one organisation alone. Sign in as yourself with your password, and then create another.')
  }
  const id = await addOrganization(actor.userId, name)
  await recordAudit({ orgId: id, actorId: actor.userId, action: 'organization.created', target: name, ...actor.origin })
  await switchSessionOrganization(actor.sessionId, id)
  return { id }
}

/** AppError `not_found` where the actor does not belong to it, or this session may not act there. */
export async function switchOrganization(actor: Actor, orgId: string): Promise<void> {
  await switchSessionOrganization(actor.sessionId, orgId)
  await auditAs({ ...actor, orgId }, 'session.switched', null)
}

export async function renameOrganization(actor: Actor, name: string): Promise<void> {
  requirePermission(actor.role, 'organization:write')
  await storeName(actor.orgId, name)
  if (name !== actor.orgName) await auditAs(actor, 'organization.renamed', name, { from: actor.orgName, to: name })
}
