import { AppError } from '@/lib/contract/errors'
import { findGlossary } from '@/lib/db/glossaries'
import { apiRoutes } from '@/lib/http/api-route'
import { pathId } from '@/lib/http/path-id'
import { glossaryObject, removeGlossary } from '@/lib/services/glossaries'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: async ({ caller, params }) => {
      const glossary = await findGlossary(caller.orgId, pathId(params))
      if (glossary === null) throw new AppError('not_found', 'There is no such glossary.')
      return Response.json(glossaryObject(glossary))
    },
  },
  DELETE: {
    scopes: ['translate'],
    handle: async ({ caller, params }) => {
      await removeGlossary(caller, pathId(params))
      return new Response(null, { status: 204 })
    },
  },
})
