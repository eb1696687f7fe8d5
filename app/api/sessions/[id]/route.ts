import { AppError } from '@/lib/contract/errors'
import { listSessions, revokeSession } from '@/lib/db/sessions'
import { sessionRoute } from '@/lib/http/session-route'

/** Signs one of the person's own devices out. */
export const DELETE = sessionRoute(async ({ session, params, reply }) => {
  const own = await listSessions(session.userId)
  const found = own.find(({ id }) => id === params['id'])
  if (found === undefined) throw new AppError('not_found', 'There is no such session.')
  await revokeSession(found.id)
  return reply({ revoked: true })
})
