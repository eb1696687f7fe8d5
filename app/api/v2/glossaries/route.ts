import { createGlossaryRequest, type GlossaryList } from '@/lib/contract/deepl-glossaries'
import { listGlossaries } from '@/lib/db/glossaries'
import { parseEntries } from '@/lib/domain/glossary-entries'
import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { addGlossary, glossaryObject } from '@/lib/services/glossaries'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: async ({ caller }) => {
      const answer: GlossaryList = { glossaries: (await listGlossaries(caller.orgId)).map(glossaryObject) }
      return Response.json(answer)
    },
  },
  POST: {
    scopes: ['translate'],
    handle: async ({ caller, formOrJson }) => {
      const { name, source_lang: source, target_lang: target, entries, entries_format } = await formOrJson(createGlossaryRequest, [])
      const read = () => parseEntries(entries, entries_format, { source, target })
      const glossary = await addGlossary(serverContext().registry, caller, { name, source, target, entries: read })
      return Response.json(glossaryObject(glossary), { status: 201 })
    },
  },
})
