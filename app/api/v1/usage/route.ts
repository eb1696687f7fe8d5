import { usageQuery } from '@/lib/contract/openai'
import { apiRoutes } from '@/lib/http/api-route'
import { reportUsage } from '@/lib/services/report-usage'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('openai', {
  GET: { scopes: ['usage'], handle: async ({ caller, query }) => Response.json(await reportUsage(caller.orgId, query(usageQuery))) },
})
