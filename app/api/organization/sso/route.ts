import { identityProviderBody } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { serverContext } from '@/lib/http/server-context'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'
import { configureSingleSignOn, endSingleSignOn } from '@/lib/services/single-sign-on'

export const PUT = sessionRoute(async (context) => {
  requirePermission(context.session.role, 'sso:write')
  await configureSingleSignOn(actorOf(context), await context.json(identityProviderBody), serverContext().env)
  return context.reply({ saved: true })
})

export const DELETE = sessionRoute(async (context) => {
  await endSingleSignOn(actorOf(context))
  return context.reply({ removed: true })
})
