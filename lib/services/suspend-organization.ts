import { AppError } from '@/lib/contract/errors'
import { stopGenerations } from '@/lib/db/generations'
import { setOrganizationTerms, type Organization } from '@/lib/db/organizations'
import { findTenant } from '@/lib/db/tenants'
import { recordByOperator, type Operator } from './operator'

/**
 * Suspends an organisation or lets it go on. Keys and sessions are refused from then on, since both
 * are looked up at each request, and what runs is ended. Repeating it changes nothing. AppError
 * not_found where there is no such organisation.
 */
export async function suspendOrganization(operator: Operator, orgId: string, { suspended, reason }: { suspended: boolean; reason: string }): Promise<Organization> {
  const before = await findTenant(orgId)
  if (before === null) throw new AppError('not_found', 'There is no such organisation.')
  if ((before.suspendedAt !== null) === suspended) return before
  const after = await setOrganizationTerms(orgId, { suspendedAt: suspended ? new Date() : null })
  if (after === null) throw new AppError('not_found', 'There is no such organisation.')
  if (suspended) await stopGenerations(orgId)
  await recordByOperator(operator, orgId, suspended ? 'organization.suspended' : 'organization.resumed', after.name, { reason })
  return after
}
