import { createApiKeyBody } from '@/lib/contract/browser'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { createApiKey, keyManager } from '@/lib/services/manage-api-keys'
import { requirePermission } from '@/lib/services/require-permission'

/** Makes a key; this answer is the only place where it is ever shown. */
export const POST = sessionRoute(async ({ session, request, json, reply, once }) => {
  requirePermission(session.role, 'keys:write')
  const body = await json(createApiKeyBody)
  if (body.tokenQuota !== undefined) requirePermission(session.role, 'quota:write')
  const make = async (): Promise<Response> => {
    const { id, key } = await createApiKey(keyManager(actorOf({ session, request })), body)
    return reply({ id, key }, 201)
  }
  return once(make, 'This key was made, and it was shown then. If you did not see it, revoke it and create another.')
})
