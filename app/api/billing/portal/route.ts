import { billingPage, requireStripe } from '@/app/_server/billing'
import { sessionRoute } from '@/lib/http/session-route'
import { openBillingPortal } from '@/lib/services/buy-plan'
import { requirePermission } from '@/lib/services/require-permission'

/** The page for payment method, invoices, plan and cancellation. */
export const POST = sessionRoute(async ({ session, reply }) => {
  requirePermission(session.role, 'billing:write')
  return reply({ url: await openBillingPortal(requireStripe(), session.orgId, billingPage()) })
})
