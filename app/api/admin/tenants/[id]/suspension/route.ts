import { suspensionBody } from '@/lib/contract/admin'
import { operatorRoute } from '@/lib/http/operator-route'
import { suspendOrganization } from '@/lib/services/suspend-organization'

/** Suspends a tenant, or lets it go on. */
export const PUT = operatorRoute(async ({ operator, params, json, reply }) => {
  const { suspendedAt } = await suspendOrganization(operator, params['id'] ?? '', await json(suspensionBody))
  return reply({ suspended: suspendedAt !== null })
})
