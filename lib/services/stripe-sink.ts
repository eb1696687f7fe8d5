import Stripe from 'stripe'
import type { DueExport } from '@/lib/db/usage-exports'
import type { Answer, UsageSink } from './export-usage'
import type { StripeAccount } from './stripe-client'

const HOUR_MS = 3_600_000

/** Stripe takes one call a customer at a time, and many customers at once. */
const CUSTOMERS_AT_ONCE = 8

const CALL_TIMEOUT_MS = 10_000

/**
 * A meter event for each usage event: its id is the identifier, its cost in micro-units the value.
 * A meter that sums them, priced at a millionth of the currency unit, charges exactly what the
 * events cost. https://docs.stripe.com/api/billing/meter-event/create: within the past 35 days, at
 * most 5 minutes ahead, identifiers are unique for at least 24 hours.
 */
export function stripeSink({ client, meterEventName }: StripeAccount, timeoutMs = CALL_TIMEOUT_MS): UsageSink {
  const send = async (due: DueExport): Promise<Answer> => {
    const { event, customerId } = due
    if (customerId === null) return { kind: 'refused', error: 'Stripe does not know the organisation.' }
    try {
      // No idempotency key: under one, Stripe would repeat a 500 it once gave; the identifier tells copies.
      await client.billing.meterEvents.create(
        {
          event_name: meterEventName,
          identifier: event.id,
          timestamp: Math.floor(event.time.getTime() / 1000),
          payload: { stripe_customer_id: customerId, value: event.costMicros.toString() },
        },
        { timeout: timeoutMs, maxNetworkRetries: 0 },
      )
      return { kind: 'delivered' }
    } catch (error) {
      return answerOf(error)
    }
  }
  return {
    name: 'stripe',
    batch: 200,
    // An hour of margin for clocks, and for the time a call takes.
    tellsCopiesForMs: 23 * HOUR_MS,
    takesUntilMs: 35 * 24 * HOUR_MS - HOUR_MS,
    send: async (events, signal) => {
      const answers = new Map<DueExport, Answer>()
      const byCustomer = new Map<string, DueExport[]>()
      for (const due of events) byCustomer.set(due.event.orgId, [...(byCustomer.get(due.event.orgId) ?? []), due])
      const queues = [...byCustomer.values()]
      const work = async (): Promise<void> => {
        for (let queue = queues.pop(); queue !== undefined; queue = queues.pop()) {
          for (const event of queue) answers.set(event, signal.aborted ? { kind: 'unsent' } : await send(event))
        }
      }
      await Promise.all(Array.from({ length: CUSTOMERS_AT_ONCE }, work))
      return events.map((event) => answers.get(event) ?? { kind: 'unsent' })
    },
  }
}

function answerOf(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof Stripe.errors.StripeError)) return { kind: 'failed', error: message, unsure: true }
  const { statusCode: status, code } = error
  if (status === 400 && (code === 'duplicate_meter_event' || /event already exists with identifier/iu.test(message))) return { kind: 'delivered' }
  const text = `${status ?? 'no answer'}: ${message}`
  if (status === undefined || status >= 500 || status === 408 || status === 409) return { kind: 'failed', error: text, unsure: true }
  // A wrong key or a limit is no fault of the event.
  if (status === 401 || status === 403 || status === 404 || status === 429) return { kind: 'failed', error: text, unsure: false }
  return { kind: 'refused', error: text }
}
