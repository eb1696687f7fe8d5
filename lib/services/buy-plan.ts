import type Stripe from 'stripe'
import { AppError } from '@/lib/contract/errors'
import { addBillingCustomer, findBillingCustomer } from '@/lib/db/billing-customers'
import type { Plan } from '@/lib/domain/plans'
import { auditAs, type Actor } from './actor'
import type { StripeAccount } from './stripe-client'
import { isStanding } from './sync-subscription'

/**
 * Begins a payment on Stripe's own page and returns its address. `pageUrl` is where it leads back
 * to. AppError `conflict` where the organisation has a subscription, `invalid_request` for a plan
 * that is not for sale.
 */
export async function startCheckout(account: StripeAccount, actor: Actor, plan: Plan, pageUrl: string): Promise<string> {
  const price = account.prices[plan]
  if (price === undefined) throw new AppError('invalid_request', 'This plan cannot be bought here. Ask the operator.', { param: 'plan' })
  const known = await findBillingCustomer(actor.orgId)
  if (known !== null && isStanding(known.status)) {
    throw new AppError('conflict', 'There is a subscription already. Change it under “Manage payment”.')
  }
  const customer = known?.customerId ?? (await makeCustomer(account, actor))
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'subscription',
    customer,
    client_reference_id: actor.orgId,
    // A metered price takes no quantity.
    line_items: [{ price, quantity: 1 }, ...(account.usagePrice === null ? [] : [{ price: account.usagePrice }])],
    subscription_data: { metadata: { org_id: actor.orgId } },
    success_url: `${pageUrl}?checkout=done`,
    cancel_url: `${pageUrl}?checkout=cancelled`,
  }
  const { url } = await askStripe(() => account.client.checkout.sessions.create(params))
  if (url === null) throw new AppError('internal_error', 'Stripe gave no address to pay at. Try again later.')
  await auditAs(actor, 'billing.checkout_started', plan)
  return url
}

/** The address of Stripe's page for payment method, invoices, plan and cancellation. AppError `not_found` where there is nothing to manage. */
export async function openBillingPortal(account: StripeAccount, orgId: string, pageUrl: string): Promise<string> {
  const known = await findBillingCustomer(orgId)
  if (known === null) throw new AppError('not_found', 'There is no subscription yet.')
  const { url } = await askStripe(() => account.client.billingPortal.sessions.create({ customer: known.customerId, return_url: pageUrl }))
  return url
}

async function makeCustomer({ client }: StripeAccount, { orgId, orgName, email }: Actor): Promise<string> {
  // The key makes two people who pay at once one customer; what may differ between them is set after.
  const { id } = await askStripe(() => client.customers.create({ metadata: { org_id: orgId } }, { idempotencyKey: `parley-customer-${orgId}` }))
  await askStripe(() => client.customers.update(id, { name: orgName, email }))
  return (await addBillingCustomer(orgId, id)).customerId
}

async function askStripe<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    throw new AppError('internal_error', 'Stripe does not answer as it should. Nothing was charged; try again later.', { cause })
  }
}
