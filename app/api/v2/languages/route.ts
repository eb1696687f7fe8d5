import { languagesQuery, type LanguagesResponse } from '@/lib/contract/deepl'
import { offeredSources, offeredTargets } from '@/lib/domain/language-tags'
import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { translationModel } from '@/lib/services/list-models'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: async ({ query }) => {
      const { type } = query(languagesQuery)
      const { card } = await translationModel(serverContext().registry)
      const directions = card?.translation?.directions ?? []
      const languages: LanguagesResponse =
        type === 'source'
          ? offeredSources(directions).map(({ code, name }) => ({ language: code, name }))
          : offeredTargets(directions).map(({ code, name }) => ({ language: code, name, supports_formality: false }))
      return Response.json(languages)
    },
  },
})
