import { documentWorker } from '@/app/_server/document-worker'
import { documentRequest, type DocumentHandle } from '@/lib/contract/deepl-documents'
import { AppError } from '@/lib/contract/errors'
import { formatOfName } from '@/lib/domain/document-formats/formats'
import { PLANS } from '@/lib/domain/plans'
import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { submitDocument } from '@/lib/services/submit-document'

/** The form's other fields. */
const FORM_BYTES = 64 * 1024

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  POST: {
    scopes: ['translate'],
    bodyBytes: (plan) => PLANS[plan].documentBytes + FORM_BYTES,
    handle: async ({ caller, formOrJson }) => {
      const body = await formOrJson(documentRequest, [])
      const filename = body.filename ?? body.file.name
      if (body.output_format !== undefined && formatOfName(`.${body.output_format}`) !== formatOfName(filename)) {
        throw new AppError('invalid_request', "'output_format': a document comes back in its own format.", { param: 'output_format' })
      }
      const { runtime, registry } = serverContext()
      const { document, key } = await submitDocument(runtime, registry, caller, {
        filename,
        file: new Uint8Array(await body.file.arrayBuffer()),
        source: body.source_lang,
        target: body.target_lang,
        glossaryId: body.glossary_id ?? body.glossary_ids ?? null,
      })
      documentWorker().wake()
      const answer: DocumentHandle = { document_id: document.id, document_key: key }
      return Response.json(answer)
    },
  },
})
