import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { listAudit } from '@/lib/db/audit'
import { findBillingCustomer } from '@/lib/db/billing-customers'
import { findOrganization, setOrganizationTerms } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { createSession, findSession } from '@/lib/db/sessions'
import { makeTenant } from '@/lib/db/testing/tenant'
import type { Actor } from './actor'
import { openBillingPortal, startCheckout } from './buy-plan'
import { handleStripeNotice } from './handle-stripe-notice'
import { syncSubscription } from './sync-subscription'
import { notice, useStripeServer, type TestSubscription } from './testing/stripe-server'

useDatabase()
const stripe = useStripeServer()

const PAGE = 'https://parley.test/settings/billing'

/** The owner of an organisation, signed in. */
async function owner(): Promise<Actor> {
  const { orgId, userId } = await makeTenant()
  const session = await findSession(await createSession(userId, { orgId, userAgent: null, ttlSeconds: 600 }))
  return { ...(session ?? expect.fail('no session')), origin: { ip: null, userAgent: null } }
}

/** An organisation whose owner has begun to pay. */
async function buyer(): Promise<{ actor: Actor; orgId: string; customerId: string }> {
  const actor = await owner()
  await startCheckout(stripe.account, actor, 'pro', PAGE)
  return { actor, orgId: actor.orgId, customerId: (await findBillingCustomer(actor.orgId))?.customerId ?? '' }
}

const planOf = async (orgId: string) => (await findOrganization(orgId))?.plan

const changesOf = async (orgId: string) =>
  (await listAudit(orgId, { action: 'plan.changed', limit: 50 })).map(({ details }) => `${String(details['before'])} to ${String(details['after'])}`).reverse()

function subscribe(customerId: string, ...subscriptions: Omit<TestSubscription, 'id'>[]): void {
  stripe.subscriptions.set(customerId, subscriptions.map((subscription, index) => ({ id: `sub_${index}`, ...subscription })))
}

async function tell(customerId: string, type = 'customer.subscription.updated', id = `evt_${randomUUID()}`): Promise<string> {
  const { body, signature } = notice(stripe.account, { id, type, object: { object: 'subscription', customer: customerId } })
  return handleStripeNotice(stripe.account, body, signature)
}

it('leads to Stripe’s page as one customer, however many people pay at once', async () => {
  const actor = await owner()
  const { orgId, email } = actor
  const known = stripe.customers.size
  const urls = await Promise.all([1, 2, 3].map((n) => startCheckout(stripe.account, { ...actor, orgName: `Tenant ${n}` }, 'enterprise', PAGE)))
  expect(urls).toEqual(Array(3).fill('https://stripe.test/v1/checkout/sessions'))
  expect(stripe.customers.size).toBe(known + 1)
  const { customerId } = (await findBillingCustomer(orgId)) ?? expect.fail('no customer')
  expect(stripe.customers.get(customerId)).toMatchObject({ orgId, email })
  expect(Object.fromEntries(stripe.sessions.at(-1) ?? [])).toMatchObject({
    mode: 'subscription',
    customer: customerId,
    client_reference_id: orgId,
    'line_items[0][price]': 'price_enterprise',
    'line_items[0][quantity]': '1',
    'line_items[1][price]': 'price_usage',
    success_url: `${PAGE}?checkout=done`,
  })
  expect(await openBillingPortal(stripe.account, orgId, PAGE)).toBe('https://stripe.test/v1/billing_portal/sessions')
  expect(Object.fromEntries(stripe.sessions.at(-1) ?? [])).toEqual({ customer: customerId, return_url: PAGE })
})

it('sells no second subscription, no plan without a price, and opens no portal for a stranger', async () => {
  const { actor, orgId, customerId } = await buyer()
  await expect(startCheckout(stripe.account, actor, 'free', PAGE)).rejects.toMatchObject({ code: 'invalid_request', param: 'plan' })
  subscribe(customerId, { status: 'past_due', price: 'price_pro' })
  await syncSubscription(stripe.account, orgId)
  await expect(startCheckout(stripe.account, actor, 'enterprise', PAGE)).rejects.toMatchObject({ code: 'conflict' })
  const { orgId: stranger } = await makeTenant()
  await expect(openBillingPortal(stripe.account, stranger, PAGE)).rejects.toMatchObject({ code: 'not_found' })
})

it('moves the organisation to what is paid for and back, each change once in the audit log', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'active', price: 'price_pro' })
  expect(await tell(customerId, 'checkout.session.completed')).toBe('handled')
  expect(await planOf(orgId)).toBe('pro')
  subscribe(customerId, { status: 'past_due', price: 'price_pro' })
  await tell(customerId, 'invoice.payment_failed')
  expect(await planOf(orgId)).toBe('pro')
  expect(await findBillingCustomer(orgId)).toMatchObject({ status: 'past_due', subscriptionId: 'sub_0', plan: 'pro', periodEnd: new Date(1_702_592_000_000) })
  subscribe(customerId, { status: 'active', price: 'price_enterprise', cancelAtPeriodEnd: true })
  await tell(customerId)
  expect(await planOf(orgId)).toBe('enterprise')
  expect(await findBillingCustomer(orgId)).toMatchObject({ cancelAtPeriodEnd: true })
  subscribe(customerId, { status: 'canceled', price: 'price_enterprise' })
  await tell(customerId, 'customer.subscription.deleted')
  await tell(customerId, 'customer.subscription.deleted')
  expect(await planOf(orgId)).toBe('free')
  expect(await changesOf(orgId)).toEqual(['free to pro', 'pro to enterprise', 'enterprise to free'])
})

it.each(['unpaid', 'incomplete', 'incomplete_expired', 'paused', 'canceled'])('gives nothing for a subscription that is %s', async (status) => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status, price: 'price_pro' })
  await tell(customerId)
  expect(await planOf(orgId)).toBe('free')
})

it('counts the standing one of several subscriptions', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'canceled', price: 'price_enterprise', created: 9 }, { status: 'active', price: 'price_pro', created: 1 })
  await tell(customerId)
  expect(await planOf(orgId)).toBe('pro')
})

it('leaves a plan alone that the operator set, and a subscription of other prices', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'active', price: 'price_pro' })
  await tell(customerId)
  await setOrganizationTerms(orgId, { plan: 'enterprise' })
  await tell(customerId)
  expect(await planOf(orgId)).toBe('enterprise')
  subscribe(customerId, { status: 'canceled', price: 'price_pro' })
  await tell(customerId)
  expect(await planOf(orgId)).toBe('enterprise')
  subscribe(customerId, { status: 'active', price: 'price_of_something_else' })
  await tell(customerId)
  expect(await planOf(orgId)).toBe('enterprise')
})

it('does nothing for a notice that it knows, and asks again for one whose handling failed', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'active', price: 'price_pro' })
  stripe.line.trouble = ({ method }) => (method === 'GET' ? 'fails_before' : 'none')
  await expect(tell(customerId, 'customer.subscription.created', 'evt_replayed')).rejects.toThrow()
  stripe.line.trouble = () => 'none'
  expect(await planOf(orgId)).toBe('free')
  expect(await tell(customerId, 'customer.subscription.created', 'evt_replayed')).toBe('handled')
  subscribe(customerId)
  expect(await tell(customerId, 'customer.subscription.created', 'evt_replayed')).toBe('known')
  expect(await planOf(orgId)).toBe('pro')
  expect(await tell('cus_of_nobody')).toBe('ignored')
  expect(await tell(customerId, 'product.created')).toBe('ignored')
})

it('keeps the newest state when an older one arrives later', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'active', price: 'price_pro' })
  let overtaken = false
  // While the first answer is on its way, the subscription ends and that is handled whole.
  stripe.afterList = async () => {
    if (overtaken) return
    overtaken = true
    subscribe(customerId, { status: 'canceled', price: 'price_pro' })
    await tell(customerId)
  }
  await tell(customerId)
  stripe.afterList = () => Promise.resolve()
  expect(overtaken).toBe(true)
  expect(await planOf(orgId)).toBe('free')
  expect(await findBillingCustomer(orgId)).toMatchObject({ status: 'canceled' })
})

it('ends in the newest state whatever comes at once', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'active', price: 'price_enterprise' })
  await Promise.all(Array.from({ length: 8 }, () => tell(customerId)))
  expect(await planOf(orgId)).toBe('enterprise')
  expect(await changesOf(orgId)).toEqual(['free to enterprise'])
})

it('refuses what Stripe did not sign, or signed too long ago', async () => {
  const { orgId, customerId } = await buyer()
  subscribe(customerId, { status: 'active', price: 'price_pro' })
  const signed = notice(stripe.account, { id: 'evt_signed', type: 'customer.subscription.updated', object: { customer: customerId } })
  const changed = new TextEncoder().encode(new TextDecoder().decode(signed.body).replace('updated', 'deleted'))
  const old = notice(stripe.account, { id: 'evt_old', type: 'customer.subscription.updated', object: { customer: customerId }, timestamp: Math.floor(Date.now() / 1000) - 600 })
  for (const [body, signature] of [[changed, signed.signature], [signed.body, null], [signed.body, 't=1,v1=00'], [old.body, old.signature]] as const) {
    await expect(handleStripeNotice(stripe.account, body, signature)).rejects.toMatchObject({ code: 'invalid_request' })
  }
  expect(await planOf(orgId)).toBe('free')
})
