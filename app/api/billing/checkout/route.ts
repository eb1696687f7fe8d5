import { billingPage, requireStripe } from '@/app/_server/billing'
import { checkoutBody } from '@/lib/contract/billing'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { startCheckout } from '@/lib/services/buy-plan'
import { requirePermission } from '@/lib/services/require-permission'

/** Begins a payment; the answer says where it is made. */
export const POST = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'billing:write')
  const { plan } = await json(checkoutBody)
  return reply({ url: await startCheckout(requireStripe(), actorOf({ session, request }), plan, billingPage()) })
})
