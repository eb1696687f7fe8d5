import { AppError } from '@/lib/contract/errors'
import { getGeneration, requestStop } from '@/lib/db/generations'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'

/** Asks the process that writes an answer to stop; what it said stays. Harmless where it has ended. */
export const POST = sessionRoute(async ({ session, params, reply }) => {
  requirePermission(session.role, 'use')
  const id = params['id'] ?? ''
  const asked = await requestStop(session.orgId, session.userId, id)
  if (!asked && (await getGeneration(session.orgId, session.userId, id)) === null) throw new AppError('not_found', 'There is no such answer.')
  return reply({ stopping: asked }, 202)
})
