import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { dropDomain, proveDomain } from '@/lib/services/single-sign-on'

/** Looks for the proof in the domain's name service. */
export const POST = sessionRoute(async (context) => {
  await proveDomain(actorOf(context), context.params['domain'] ?? '')
  return context.reply({ confirmed: true })
})

export const DELETE = sessionRoute(async (context) => {
  await dropDomain(actorOf(context), context.params['domain'] ?? '')
  return context.reply({ removed: true })
})
