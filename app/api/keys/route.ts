import { createApiKeyBody } from '@/lib/contract/browser'
import { sessionRoute } from '@/lib/http/session-route'
import { createApiKey } from '@/lib/services/create-api-key'
import { requirePermission } from '@/lib/services/require-permission'

/** Makes a key; this answer is the only place where it is ever shown. */
export const POST = sessionRoute(async ({ session, json, reply }) => {
  requirePermission(session.role, 'keys:write')
  const body = await json(createApiKeyBody)
  return reply(await createApiKey(session.orgId, { ...body, createdBy: session.userId }), 201)
})
