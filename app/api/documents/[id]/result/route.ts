import { markGenerated } from '@/lib/http/generated-mark'
import { sessionRoute } from '@/lib/http/session-route'
import { documentResult, getDocument } from '@/lib/services/document-status'

export const GET = sessionRoute(async ({ session, params }) => {
  const document = await getDocument(session.orgId, params['id'] ?? '', { userId: session.userId })
  return markGenerated(await documentResult(document), document.model)
})
