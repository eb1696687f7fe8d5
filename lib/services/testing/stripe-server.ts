import Stripe from 'stripe'
import type { StripeAccount } from '../stripe-client'
import { useLocalServer, type LocalServer, type Reply, type Sent } from './local-server'

export interface TakenMeterEvent {
  eventName: string
  customer: string
  value: number
  timestamp: number
}

export interface StripeServer {
  line: LocalServer
  account: StripeAccount
  /** By identifier. */
  meterEvents: Map<string, TakenMeterEvent>
  /** The customers that it knows; the calls below add to them. */
  customers: Map<string, { orgId: string; name: string; email: string }>
  /** What a customer's list of subscriptions says. */
  subscriptions: Map<string, readonly TestSubscription[]>
  /** Bodies of the checkout and portal sessions that were begun. */
  sessions: URLSearchParams[]
  /** Runs while a list of subscriptions is on its way, after it was read. */
  afterList: () => Promise<void>
}

export interface TestSubscription {
  id: string
  status: string
  price: string
  created?: number
  cancelAtPeriodEnd?: boolean
}

const WEBHOOK_SECRET = 'whsec_test'

/** Call at a test file's top level: a server that keeps to Stripe's rules for what Parley asks of it. */
export function useStripeServer(): StripeServer {
  const busy = new Set<string>()
  const keys = new Map<string, string>()
  let count = 0
  const state: StripeServer = {
    line: useLocalServer((sent) => answer(sent)),
    account: {
      get client() {
        const { hostname, port } = new URL(state.line.url)
        return new Stripe('sk_test_parley', { protocol: 'http', host: hostname, port, maxNetworkRetries: 0, telemetry: false })
      },
      webhookSecret: WEBHOOK_SECRET,
      prices: { pro: 'price_pro', enterprise: 'price_enterprise' },
      usagePrice: 'price_usage',
      meterEventName: 'parley_usage',
    },
    meterEvents: new Map(),
    customers: new Map(),
    subscriptions: new Map(),
    sessions: [],
    afterList: () => Promise.resolve(),
  }

  async function answer({ method, path, headers, body }: Sent): Promise<Reply> {
    if (headers.authorization !== 'Bearer sk_test_parley') return refusal(401, 'Invalid API Key provided')
    const url = new URL(path, 'http://stripe.test')
    const form = new URLSearchParams(body)
    const customer = /^\/v1\/customers\/(\w+)$/.exec(url.pathname)?.[1]
    if (method === 'POST' && url.pathname === '/v1/billing/meter_events') return takeMeterEvent(form)
    if (method === 'POST' && url.pathname === '/v1/customers') return makeCustomer(form, String(headers['idempotency-key']))
    if (method === 'POST' && customer !== undefined) return updateCustomer(customer, form)
    if (method === 'GET' && url.pathname === '/v1/subscriptions') return list(url.searchParams.get('customer') ?? '')
    if (method === 'POST' && /^\/v1\/(checkout|billing_portal)\/sessions$/.test(url.pathname)) {
      state.sessions.push(form)
      return { status: 200, body: { id: 'session', url: `https://stripe.test${url.pathname}` } }
    }
    return refusal(404, `Unrecognized request URL (${method}: ${url.pathname}).`)
  }

  async function takeMeterEvent(form: URLSearchParams): Promise<Reply> {
    const customer = form.get('payload[stripe_customer_id]') ?? ''
    const identifier = form.get('identifier') ?? ''
    const timestamp = Number(form.get('timestamp'))
    const now = Date.now() / 1000
    if (busy.has(customer)) return refusal(429, 'This object cannot be accessed right now because another API request is accessing it.', 'lock_timeout')
    busy.add(customer)
    await new Promise((resolve) => setTimeout(resolve, 2))
    busy.delete(customer)
    if (!/^[\w-]{1,100}$/.test(identifier)) return refusal(400, 'Invalid identifier.')
    if (!state.customers.has(customer)) return refusal(400, `No such customer: '${customer}'`)
    if (!/^\d+$/.test(form.get('payload[value]') ?? '')) return refusal(400, 'The value must be a whole number.')
    if (timestamp < now - 35 * 86_400) return refusal(400, 'The timestamp is too far in the past.', 'timestamp_too_far_in_past')
    if (timestamp > now + 300) return refusal(400, 'The timestamp is too far in the future.', 'timestamp_in_future')
    if (state.meterEvents.has(identifier)) return refusal(400, `An event already exists with identifier ${identifier}.`)
    state.meterEvents.set(identifier, { eventName: form.get('event_name') ?? '', customer, value: Number(form.get('payload[value]')), timestamp })
    return { status: 200, body: { object: 'billing.meter_event', identifier } }
  }

  function makeCustomer(form: URLSearchParams, key: string): Reply {
    const known = keys.get(key)
    const id = known ?? `cus_${++count}`
    keys.set(key, id)
    if (known === undefined) state.customers.set(id, { orgId: form.get('metadata[org_id]') ?? '', name: '', email: '' })
    return { status: 200, body: { id, object: 'customer' } }
  }

  function updateCustomer(id: string, form: URLSearchParams): Reply {
    const known = state.customers.get(id)
    if (known === undefined) return refusal(404, `No such customer: '${id}'`)
    state.customers.set(id, { ...known, name: form.get('name') ?? known.name, email: form.get('email') ?? known.email })
    return { status: 200, body: { id, object: 'customer' } }
  }

  async function list(customer: string): Promise<Reply> {
    const data = (state.subscriptions.get(customer) ?? []).map(({ id, status, price, created = 1, cancelAtPeriodEnd = false }) => ({
      id,
      object: 'subscription',
      status,
      created,
      customer,
      cancel_at_period_end: cancelAtPeriodEnd,
      cancel_at: null,
      items: { object: 'list', data: [{ id: `si_${id}`, price: { id: price }, current_period_start: 1_700_000_000, current_period_end: 1_702_592_000 }] },
    }))
    await state.afterList()
    return { status: 200, body: { object: 'list', data, has_more: false } }
  }
  return state
}

function refusal(status: number, message: string, code?: string): Reply {
  return { status, body: { error: { type: 'invalid_request_error', message, ...(code !== undefined && { code }) } } }
}

/** A webhook notice and its signature. */
export function notice(account: StripeAccount, event: { id: string; type: string; object: object; timestamp?: number }): { body: Uint8Array; signature: string } {
  const { id, type, object, timestamp } = event
  const payload = JSON.stringify({ id, object: 'event', type, created: 1_700_000_000, data: { object } })
  const signature = account.client.webhooks.generateTestHeaderString({ payload, secret: WEBHOOK_SECRET, ...(timestamp !== undefined && { timestamp }) })
  return { body: new TextEncoder().encode(payload), signature }
}
