import { sessionRoute } from '@/lib/http/session-route'
import { getDocument } from '@/lib/services/document-status'
import { removeDocument } from '@/lib/services/remove-document'
import { documentItem } from '@/lib/services/translation-items'

export const GET = sessionRoute(async ({ session, params, reply }) => {
  return reply(documentItem(await getDocument(session.orgId, params['id'] ?? '', { userId: session.userId })))
})

/** Deletes it, and stops its translation. */
export const DELETE = sessionRoute(async ({ session, params, reply }) => {
  await removeDocument(session.orgId, params['id'] ?? '', { userId: session.userId })
  return reply({ deleted: true })
})
