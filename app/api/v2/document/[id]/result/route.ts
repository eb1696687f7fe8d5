import { documentKeyRequest } from '@/lib/contract/deepl-documents'
import { apiRoutes } from '@/lib/http/api-route'
import { markGenerated } from '@/lib/http/generated-mark'
import { pathId } from '@/lib/http/path-id'
import { documentResult, getDocument } from '@/lib/services/document-status'
import { documentKeyHash } from '@/lib/services/submit-document'

/** May be fetched until the document expires, so that a download that broke off can be made again. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  POST: {
    scopes: ['translate'],
    handle: async ({ caller, params, formOrJson }) => {
      const { document_key } = await formOrJson(documentKeyRequest, [])
      const document = await getDocument(caller.orgId, pathId(params), { accessHash: documentKeyHash(document_key) })
      return markGenerated(await documentResult(document), document.model)
    },
  },
})
