import type { ModelList } from '@/lib/contract/openai'
import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { listModels } from '@/lib/services/list-models'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('openai', {
  GET: {
    scopes: [],
    handle: async () => {
      const list: ModelList = { object: 'list', data: await listModels(serverContext().registry) }
      return Response.json(list)
    },
  },
})
