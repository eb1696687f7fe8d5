import { requireStripe } from '@/app/_server/billing'
import { findBillingCustomer } from '@/lib/db/billing-customers'
import { findOrganization } from '@/lib/db/organizations'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'
import { syncSubscription } from '@/lib/services/sync-subscription'

/** Asks Stripe how the subscription stands, for whoever comes back from paying before the notice of it does. */
export const POST = sessionRoute(async ({ session, reply }) => {
  requirePermission(session.role, 'billing:read')
  await syncSubscription(requireStripe(), session.orgId)
  const [organization, customer] = await Promise.all([findOrganization(session.orgId), findBillingCustomer(session.orgId)])
  return reply({ plan: organization?.plan ?? session.plan, status: customer?.status ?? null })
})
