import type { GlossaryLanguagePairs } from '@/lib/contract/deepl-glossaries'
import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { glossaryPairs } from '@/lib/services/glossaries'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: async () => {
      const pairs = await glossaryPairs(serverContext().registry)
      const answer: GlossaryLanguagePairs = { supported_languages: pairs.map(([source_lang, target_lang]) => ({ source_lang, target_lang })) }
      return Response.json(answer)
    },
  },
})
