import { AppError } from '@/lib/contract/errors'
import { setOrganizationTerms, type Organization, type OrganizationTerms } from '@/lib/db/organizations'
import { findTenant } from '@/lib/db/tenants'
import { recordByOperator, type Operator } from './operator'

export type TenantTerms = Pick<OrganizationTerms, 'plan' | 'tokenQuota' | 'characterQuota'>

/** Changes plan and quotas, for requests that come from now on. AppError not_found where there is no such organisation. */
export async function changeTenantTerms(operator: Operator, orgId: string, terms: TenantTerms): Promise<Organization> {
  const before = await findTenant(orgId)
  const after = before && (await setOrganizationTerms(orgId, terms))
  if (before === null || after === null) throw new AppError('not_found', 'There is no such organisation.')
  if (after.plan !== before.plan) {
    await recordByOperator(operator, orgId, 'plan.changed', after.name, { from: before.plan, to: after.plan })
  }
  if (after.tokenQuota !== before.tokenQuota) {
    await recordByOperator(operator, orgId, 'quota.changed', after.name, { quota: 'tokens', from: before.tokenQuota, to: after.tokenQuota })
  }
  if (after.characterQuota !== before.characterQuota) {
    await recordByOperator(operator, orgId, 'quota.changed', after.name, { quota: 'characters', from: before.characterQuota, to: after.characterQuota })
  }
  return after
}
