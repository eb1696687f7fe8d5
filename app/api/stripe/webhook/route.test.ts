import { beforeAll, expect, it } from 'vitest'
import { addBillingCustomer } from '@/lib/db/billing-customers'
import { findOrganization } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { notice, useStripeServer } from '@/lib/services/testing/stripe-server'
import { POST } from './route'

useDatabase()
const stripe = useStripeServer()

beforeAll(() => setUp('sk_test_parley'))

function setUp(key: string): void {
  Object.assign(process.env, {
    STRIPE_SECRET_KEY: key,
    STRIPE_WEBHOOK_SECRET: stripe.account.webhookSecret,
    STRIPE_PRICE_PRO: 'price_pro',
    STRIPE_API_BASE: stripe.line.url,
    LOG_LEVEL: 'silent',
  })
  globalThis.parleyServerContext = undefined
}

function send(body: Uint8Array, signature: string): Promise<Response> {
  const request = new Request('http://parley.test/api/stripe/webhook', { method: 'POST', headers: { 'stripe-signature': signature }, body: new TextDecoder().decode(body) })
  return POST(request, { params: Promise.resolve({}) })
}

it('takes what Stripe signed, byte for byte, and answers so that Stripe stops or tries again', async () => {
  const { orgId } = await makeTenant()
  const customer = `cus_${orgId.replaceAll('-', '')}`
  await addBillingCustomer(orgId, customer)
  stripe.subscriptions.set(customer, [{ id: 'sub_1', status: 'active', price: 'price_pro' }])
  // The signature is over the bytes: this text has some that parsing and writing JSON would change.
  const signed = notice(stripe.account, { id: 'evt_1', type: 'customer.subscription.created', object: { customer, note: 'Zoë \u2028 </script>' } })
  stripe.line.trouble = () => 'fails_before'
  expect((await send(signed.body, signed.signature)).status).toBe(500)
  stripe.line.trouble = () => 'none'
  const first = await send(signed.body, signed.signature)
  expect([first.status, await first.json()]).toEqual([200, { received: true, outcome: 'handled' }])
  expect(await (await send(signed.body, signed.signature)).json()).toEqual({ received: true, outcome: 'known' })
  expect(await findOrganization(orgId)).toMatchObject({ plan: 'pro' })
  expect((await send(signed.body, 't=1,v1=00')).status).toBe(400)
})

it('does not exist where no payments are taken', async () => {
  const signed = notice(stripe.account, { id: 'evt_2', type: 'customer.subscription.created', object: {} })
  setUp('')
  expect((await send(signed.body, signed.signature)).status).toBe(404)
})
