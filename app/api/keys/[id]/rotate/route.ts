import { rotateApiKeyBody } from '@/lib/contract/browser'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { keyManager, rotateApiKey } from '@/lib/services/manage-api-keys'
import { requirePermission } from '@/lib/services/require-permission'

/** Makes the key's successor, shown in this answer alone; the old key goes on for `overlapHours`. */
export const POST = sessionRoute(async ({ session, request, params, json, reply, once }) => {
  requirePermission(session.role, 'keys:write')
  const { overlapHours } = await json(rotateApiKeyBody)
  const rotate = async (): Promise<Response> => {
    const { id, key, previousEndsAt } = await rotateApiKey(keyManager(actorOf({ session, request })), params['id'] ?? '', overlapHours)
    return reply({ id, key, previousEndsAt: previousEndsAt.toISOString() }, 201)
  }
  return once(rotate, 'This key was rotated, and the new one was shown then. If you did not see it, revoke it and create another.')
})
