import { renameApiKeyBody } from '@/lib/contract/browser'
import { AppError } from '@/lib/contract/errors'
import { renameApiKey, revokeApiKey } from '@/lib/db/api-keys'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'

const missing = (): AppError => new AppError('not_found', 'There is no such key.')

export const PATCH = sessionRoute(async ({ session, params, json, reply }) => {
  requirePermission(session.role, 'keys:write')
  const { name } = await json(renameApiKeyBody)
  if (!(await renameApiKey(session.orgId, params['id'] ?? '', name))) throw missing()
  return reply({ name })
})

/** Revokes a key: it stays listed and is refused from now on. */
export const DELETE = sessionRoute(async ({ session, params, reply }) => {
  requirePermission(session.role, 'keys:write')
  if (!(await revokeApiKey(session.orgId, { id: params['id'] ?? '' }))) throw missing()
  return reply({ revoked: true })
})
