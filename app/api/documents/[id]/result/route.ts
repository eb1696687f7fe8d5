import { sessionRoute } from '@/lib/http/session-route'
import { documentResult, getDocument } from '@/lib/services/document-status'

export const GET = sessionRoute(async ({ session, params }) => {
  return documentResult(await getDocument(session.orgId, params['id'] ?? '', { userId: session.userId }))
})
