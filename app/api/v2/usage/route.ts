import type { DeeplUsageResponse } from '@/lib/contract/deepl'
import { monthUsage } from '@/lib/db/usage'
import { apiRoutes } from '@/lib/http/api-route'

/** DeepL's own way to say that there is no limit. */
const NO_LIMIT = 1_000_000_000_000

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate', 'usage'],
    handle: async ({ caller }) => {
      const month = await monthUsage(caller.orgId)
      const usage: DeeplUsageResponse = {
        character_count: month.characters,
        character_limit: month.characterLimit ?? NO_LIMIT,
        token_count: month.tokens,
        token_limit: month.tokenLimit,
        start_time: month.periodStart.toISOString(),
        end_time: month.periodEnd.toISOString(),
      }
      return Response.json(usage)
    },
  },
})
