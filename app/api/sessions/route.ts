import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { endOtherSessions } from '@/lib/services/end-sessions'

/** Signs the person out everywhere else. */
export const DELETE = sessionRoute(async (context) => context.reply({ ended: await endOtherSessions(actorOf(context)) }))
