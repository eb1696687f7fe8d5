import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { endSession } from '@/lib/services/end-sessions'

/** Signs one of the person's own devices out. */
export const DELETE = sessionRoute(async (context) => {
  await endSession(actorOf(context), context.params['id'] ?? '')
  return context.reply({ revoked: true })
})
