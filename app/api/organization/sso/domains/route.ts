import { ssoDomainBody } from '@/lib/contract/sign-in'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'
import { claimDomain } from '@/lib/services/single-sign-on'

export const POST = sessionRoute(async (context) => {
  requirePermission(context.session.role, 'sso:write')
  const { domain } = await context.json(ssoDomainBody)
  await claimDomain(actorOf(context), domain)
  return context.reply({ domain }, 201)
})
