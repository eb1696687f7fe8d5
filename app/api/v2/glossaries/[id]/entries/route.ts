import { apiRoutes } from '@/lib/http/api-route'
import { pathId } from '@/lib/http/path-id'
import { findEntries } from '@/lib/services/glossaries'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: async ({ caller, params }) => {
      const { entries } = await findEntries(caller.orgId, pathId(params))
      return new Response(entries, { headers: { 'content-type': 'text/tab-separated-values; charset=utf-8' } })
    },
  },
})
