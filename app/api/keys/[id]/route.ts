import { changeApiKeyBody } from '@/lib/contract/browser'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { changeApiKey, keyManager, revokeApiKey } from '@/lib/services/manage-api-keys'
import { requirePermission } from '@/lib/services/require-permission'

export const PATCH = sessionRoute(async ({ session, request, params, json, reply }) => {
  requirePermission(session.role, 'keys:write')
  const changes = await json(changeApiKeyBody)
  if (changes.tokenQuota !== undefined) requirePermission(session.role, 'quota:write')
  const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  await changeApiKey(keyManager(actorOf({ session, request })), params['id'] ?? '', named)
  return reply({ changed: true })
})

/** Revokes a key: it stays listed, is refused from now on, and what is under way with it ends. */
export const DELETE = sessionRoute(async ({ session, request, params, reply }) => {
  requirePermission(session.role, 'keys:write')
  await revokeApiKey(keyManager(actorOf({ session, request })), params['id'] ?? '')
  return reply({ revoked: true })
})
