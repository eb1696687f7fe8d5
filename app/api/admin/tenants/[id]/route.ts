import { tenantTermsBody } from '@/lib/contract/admin'
import { operatorRoute } from '@/lib/http/operator-route'
import { changeTenantTerms } from '@/lib/services/change-tenant-terms'

/** Changes a tenant's plan and quotas. */
export const PATCH = operatorRoute(async ({ operator, params, json, reply }) => {
  const { plan, tokenQuota, characterQuota } = await json(tenantTermsBody)
  await changeTenantTerms(operator, params['id'] ?? '', {
    ...(plan === undefined ? {} : { plan }),
    ...(tokenQuota === undefined ? {} : { tokenQuota }),
    ...(characterQuota === undefined ? {} : { characterQuota }),
  })
  return reply({ changed: true })
})
