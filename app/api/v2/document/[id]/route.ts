import { documentKeyRequest } from '@/lib/contract/deepl-documents'
import { apiRoutes, type ApiContext } from '@/lib/http/api-route'
import { pathId } from '@/lib/http/path-id'
import { documentStatus, getDocument } from '@/lib/services/document-status'
import { documentKeyHash } from '@/lib/services/submit-document'

async function answer({ caller, params }: ApiContext, key: string): Promise<Response> {
  return Response.json(documentStatus(await getDocument(caller.orgId, pathId(params), { accessHash: documentKeyHash(key) })))
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('deepl', {
  GET: {
    scopes: ['translate'],
    handle: (context) => answer(context, context.query(documentKeyRequest).document_key),
  },
  POST: {
    scopes: ['translate'],
    handle: async (context) => answer(context, (await context.formOrJson(documentKeyRequest, [])).document_key),
  },
})
