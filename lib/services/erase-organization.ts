import { confirmPerson } from '@/lib/auth/sign-in'
import { AppError } from '@/lib/contract/errors'
import { recordAudit } from '@/lib/db/audit'
import { findBillingCustomer } from '@/lib/db/billing-customers'
import { eraseOrganization, type ErasureReceipt } from '@/lib/db/erasure'
import { findOrganization } from '@/lib/db/organizations'
import type { Actor } from './actor'
import { requirePermission } from './require-permission'

/**
 * The owner ends the organisation: everything of it is gone when this returns. Confirmed by its name,
 * typed again, and as `confirmPerson` has it. AppError conflict while a subscription runs, which
 * nobody could end here afterwards.
 */
export async function eraseOwnOrganization(actor: Actor, confirmation: { name: string; password?: string | undefined; code?: string | undefined }): Promise<ErasureReceipt> {
  requirePermission(actor.role, 'organization:erase')
  if (actor.impersonatedBy !== null) throw new AppError('insufficient_permissions', 'An organisation is erased by its owner alone.')
  if (confirmation.name !== actor.orgName) throw new AppError('invalid_request', `Enter ${actor.orgName} to confirm.`, { param: 'name' })
  if ((await runningSubscription(actor.orgId)) !== null) {
    throw new AppError('conflict', 'A subscription is still running. End it under Billing first, and come back.')
  }
  await confirmPerson(actor.email, confirmation, actor.origin)
  return erase(actor.orgId, 'owner')
}

/**
 * The operator does, from the command line; `subscriptionId` names what still runs at the payment
 * service and has to be ended there. AppError not_found where there is no such organisation.
 */
export async function eraseAsOperator(orgId: string): Promise<{ receipt: ErasureReceipt; subscriptionId: string | null }> {
  if ((await findOrganization(orgId)) === null) throw new AppError('not_found', 'There is no such organisation.')
  const subscriptionId = await runningSubscription(orgId)
  return { receipt: await erase(orgId, 'operator'), subscriptionId }
}

const ENDED = new Set([null, 'canceled', 'incomplete_expired'])

async function runningSubscription(orgId: string): Promise<string | null> {
  const customer = await findBillingCustomer(orgId)
  return customer === null || ENDED.has(customer.status) || customer.cancelAtPeriodEnd ? null : customer.subscriptionId
}

async function erase(orgId: string, by: 'owner' | 'operator'): Promise<ErasureReceipt> {
  const receipt = await eraseOrganization(orgId, by)
  if (receipt === null) throw new AppError('not_found', 'There is no such organisation.')
  await recordAudit({ orgId: null, actorId: null, action: 'organization.erased', target: orgId, details: { by, receipt: receipt.number, digest: receipt.digest } })
  return receipt
}
