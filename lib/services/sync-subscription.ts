import type Stripe from 'stripe'
import { recordAudit } from '@/lib/db/audit'
import { applySubscription, drawSyncTicket, findBillingCustomer, type Subscription } from '@/lib/db/billing-customers'
import type { Plan } from '@/lib/domain/plans'
import type { StripeAccount } from './stripe-client'

/** Stripe's states in the order in which one of several subscriptions counts. */
const RANK: Readonly<Record<string, number>> = { active: 0, trialing: 0, past_due: 1, unpaid: 2, paused: 2, incomplete: 3 }
const ENDED = 4

/** Those that the plan is given for; a late payment keeps it while Stripe tries again. */
const GIVING = new Set(['active', 'trialing', 'past_due'])

/** Stripe keeps these until somebody ends or pays them, so that another one beside would be paid twice. */
const STANDING = new Set(['active', 'trialing', 'past_due', 'unpaid', 'paused'])

export function isStanding(status: string | null): boolean {
  return status !== null && STANDING.has(status)
}

/**
 * Fetches an organisation's subscription as it is now and moves the organisation to the plan that
 * it gives. It never matters what notice led here, in what order, or how often: the newest state
 * wins. Does nothing for an organisation that Stripe does not know.
 */
export async function syncSubscription({ client, prices }: StripeAccount, orgId: string): Promise<void> {
  const customer = await findBillingCustomer(orgId)
  const ticket = await drawSyncTicket(orgId)
  if (customer === null || ticket === null) return
  const { data } = await client.subscriptions.list({ customer: customer.customerId, status: 'all', limit: 100 })
  const subscription = [...data].sort((a, b) => rankOf(a) - rankOf(b) || b.created - a.created)[0]
  const gives = subscription !== undefined && GIVING.has(subscription.status) ? planOf(subscription, prices) : 'free'
  const plans = await applySubscription(orgId, ticket, stateOf(subscription), gives)
  if (plans === null || plans.before === plans.after) return
  await recordAudit({
    orgId,
    actorId: null,
    action: 'plan.changed',
    target: plans.after,
    details: { before: plans.before, after: plans.after, by: 'stripe', status: subscription?.status ?? null },
  })
}

function rankOf({ status }: Stripe.Subscription): number {
  return RANK[status] ?? ENDED
}

/** Null where it has none of our prices: such a subscription was made by hand and changes no plan. */
function planOf(subscription: Stripe.Subscription, prices: StripeAccount['prices']): Plan | null {
  const bought = new Set(subscription.items.data.map(({ price }) => price.id))
  const has = (price: string | undefined): boolean => price !== undefined && bought.has(price)
  if (has(prices.enterprise)) return 'enterprise'
  return has(prices.pro) ? 'pro' : null
}

function stateOf(subscription: Stripe.Subscription | undefined): Omit<Subscription, 'plan'> {
  if (subscription === undefined) return { subscriptionId: null, status: null, periodStart: null, periodEnd: null, cancelAtPeriodEnd: false }
  const item = subscription.items.data[0]
  const ends = subscription.cancel_at_period_end || subscription.cancel_at !== null
  return {
    subscriptionId: subscription.id,
    status: subscription.status,
    periodStart: item === undefined ? null : new Date(item.current_period_start * 1000),
    periodEnd: item === undefined ? null : new Date(item.current_period_end * 1000),
    cancelAtPeriodEnd: ends,
  }
}
