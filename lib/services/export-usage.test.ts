import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseEnv } from '@/lib/contract/env'
import { addBillingCustomer } from '@/lib/db/billing-customers'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { withOperator } from '@/lib/db/tenant'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { claimExports, deadExports, reviveExports, setSinks, sinkStates } from '@/lib/db/usage-exports'
import type { UsageEvent } from '@/lib/db/usage-event'
import { usageEvents } from '@/lib/db/usage'
import { backOffSeconds, exportUsage, type UsageSink } from './export-usage'
import { lagoSink, openMeterSink } from './http-sinks'
import { stripeSink } from './stripe-sink'
import { TROUBLES, useLocalServer, type Reply } from './testing/local-server'
import { useStripeServer } from './testing/stripe-server'

useDatabase()

const DAY_MS = 86_400_000
const TIMEOUT_MS = 150
const AT_ONCE = { backOff: () => 0 }

async function use(orgId: string, promptTokens: number): Promise<void> {
  const requestId = randomUUID()
  await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'chat', tokens: promptTokens, characters: 0, ttlSeconds: 60 })
  await settleHold(orgId, requestId, { promptTokens, completionTokens: 0, characters: 0 })
}

async function eventsOf(orgId: string): Promise<UsageEvent[]> {
  const events: UsageEvent[] = []
  for await (const event of usageEvents(orgId, new Date(0), new Date(Date.now() + 60_000))) events.push(event)
  return events
}

/** An organisation that used something `times`. */
async function user(times: number): Promise<{ orgId: string; events: UsageEvent[] }> {
  const { orgId } = await makeTenant()
  for (let time = 1; time <= times; time++) await use(orgId, time)
  return { orgId, events: await eventsOf(orgId) }
}

async function waiting(name: string): Promise<number> {
  return (await sinkStates()).find((sink) => sink.name === name)?.waiting ?? 0
}

/** Two processes export by turns until nothing waits. */
async function drain(sink: UsageSink): Promise<void> {
  for (let turn = 0; turn < 200 && (await waiting(sink.name)) > 0; turn++) await Promise.all([exportUsage([sink], AT_ONCE), exportUsage([sink], AT_ONCE)])
}

/** From a seed, so that a run can be repeated; a third of all requests go well. */
function unreliable(seed: number): () => (typeof TROUBLES)[number] {
  const troubles = fc.sample(fc.oneof({ weight: 1, arbitrary: fc.constant('none' as const) }, { weight: 2, arbitrary: fc.constantFrom(...TROUBLES) }), { numRuns: 500, seed })
  let next = 0
  return () => troubles[next++ % troubles.length] ?? 'none'
}

describe('Stripe', () => {
  const stripe = useStripeServer()
  const sink = (): UsageSink => stripeSink(stripe.account, TIMEOUT_MS)

  beforeEach(async () => {
    await withOperator((tx) => tx.usageExport.deleteMany())
    await setSinks(['stripe'])
    stripe.line.trouble = () => 'none'
    stripe.meterEvents.clear()
  })

  async function customer(): Promise<{ orgId: string; customerId: string }> {
    const { orgId } = await makeTenant()
    const customerId = `cus_${orgId.replaceAll('-', '')}`
    stripe.customers.set(customerId, { orgId, name: '', email: '' })
    await addBillingCustomer(orgId, customerId)
    return { orgId, customerId }
  }

  it('has each event exactly once at the end, whatever fails on the way and whoever dies', { timeout: 60_000 }, async () => {
    const customers = await Promise.all(Array.from({ length: 5 }, customer))
    for (const { orgId } of customers) for (let time = 1; time <= 12; time++) await use(orgId, time * 1000)
    stripe.line.trouble = unreliable(20_261_124)
    // A process that took events and died before it sent any.
    expect(await claimExports('stripe', 7, 0)).toHaveLength(7)
    await drain(sink())
    const due = (await Promise.all(customers.map(async ({ orgId, customerId }) => (await eventsOf(orgId)).map((event) => ({ event, customerId }))))).flat()
    expect(due).toHaveLength(60)
    expect(await deadExports(10)).toEqual([])
    expect(new Map([...stripe.meterEvents].sort())).toEqual(
      new Map(
        due
          .map(({ event, customerId }): [string, object] => [
            event.id,
            { eventName: 'parley_usage', customer: customerId, value: Number(event.costMicros), timestamp: Math.floor(event.time.getTime() / 1000) },
          ])
          .sort(),
      ),
    )
    expect(await sinkStates()).toContainEqual(expect.objectContaining({ name: 'stripe', enabled: true, delivered: 60, waiting: 0, dead: 0 }))
  })

  it('never hears of an organisation that it does not know, of what cost nothing, or while it is off', async () => {
    const { orgId } = await customer()
    const requestId = randomUUID()
    await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'translate', tokens: 9, characters: 0, ttlSeconds: 60 })
    await settleHold(orgId, requestId, { promptTokens: 9, completionTokens: 0, characters: 0 })
    await user(1)
    await setSinks([])
    await use(orgId, 5)
    await setSinks(['stripe'])
    expect(await waiting('stripe')).toBe(0)
  })

  it('gives up what Stripe would refuse or bill twice, shows it, and sends it again when told to', async () => {
    const [old, unknown, unsure, good] = await Promise.all([customer(), customer(), customer(), customer()])
    for (const { orgId } of [old, unknown, unsure, good]) await use(orgId, 1000)
    stripe.customers.delete(unknown.customerId)
    const [unsureEvent] = await eventsOf(unsure.orgId)
    stripe.line.trouble = ({ body }) => (body.includes(unsure.customerId) ? 'fails_before' : 'none')
    // Times lie in the past by moving the clock.
    await exportUsage([sink()], AT_ONCE)
    expect(await deadExports(10)).toEqual([expect.objectContaining({ orgId: unknown.orgId, error: expect.stringContaining('No such customer') as unknown })])
    expect(stripe.meterEvents.size).toBe(2)

    await use(old.orgId, 2000)
    await exportUsage([sink()], { ...AT_ONCE, now: () => Date.now() + DAY_MS })
    expect((await deadExports(10))[0]).toMatchObject({ orgId: unsure.orgId, error: expect.stringContaining('may have been taken') as unknown })
    await use(old.orgId, 3000)
    await exportUsage([sink()], { ...AT_ONCE, now: () => Date.now() + 35 * DAY_MS })
    expect((await deadExports(10))[0]).toMatchObject({ orgId: old.orgId, error: 'It is too old for stripe.' })

    stripe.line.trouble = () => 'none'
    expect(await reviveExports('stripe', [unsureEvent?.id ?? ''])).toBe(1)
    await exportUsage([sink()], AT_ONCE)
    expect(stripe.meterEvents.has(unsureEvent?.id ?? '')).toBe(true)
    expect(await deadExports(10)).toHaveLength(2)
  })

  it('waits longer after each failure, up to an hour, and hurries none of it', async () => {
    expect([1, 2, 3, 8, 50].map((attempts) => backOffSeconds(attempts, () => 0.5))).toEqual([30, 60, 120, 3600, 3600])
    const { orgId } = await customer()
    await use(orgId, 1000)
    stripe.line.trouble = () => 'limit'
    expect(await exportUsage([sink()])).toEqual({ delivered: 0, failed: 1, refused: 0 })
    stripe.line.trouble = () => 'none'
    expect(await exportUsage([sink()])).toEqual({ delivered: 0, failed: 0, refused: 0 })
  })
})

describe('OpenMeter', () => {
  const events = new Map<string, Record<string, unknown>>()
  const bad = new Set<unknown>()
  const server = useLocalServer(({ method, path, headers, body }): Reply => {
    if (method !== 'POST' || path !== '/api/v1/events' || headers['content-type'] !== 'application/cloudevents-batch+json') return { status: 415 }
    if (headers.authorization !== 'Bearer om_token') return { status: 401 }
    const batch = JSON.parse(body) as Record<string, unknown>[] // as sent
    if (batch.some(({ subject }) => bad.has(subject))) return { status: 400, body: { detail: 'invalid subject' } }
    // It takes a second copy for the same event.
    for (const event of batch) events.set(`${String(event['source'])} ${String(event['id'])}`, event)
    return { status: 204 }
  })
  const sink = () => openMeterSink(parseEnv({ OPENMETER_URL: server.url, OPENMETER_TOKEN: 'om_token' }), TIMEOUT_MS) ?? expect.fail('no sink')

  it('gets every event as a CloudEvent of its organisation, and one bad event keeps no other', { timeout: 60_000 }, async () => {
    await setSinks(['openmeter'])
    const [one, two, three] = await Promise.all([user(12), user(9), user(1)])
    bad.add(three.orgId)
    server.trouble = unreliable(7)
    await drain(sink())
    expect([...events.values()].map(({ id }) => id).sort()).toEqual([...one.events, ...two.events].map(({ id }) => id).sort())
    const [first] = one.events
    expect(events.get(`/organizations/${one.orgId} ${first?.id ?? ''}`)).toMatchObject({
      specversion: '1.0',
      type: 'parley.usage',
      subject: one.orgId,
      time: first?.time.toISOString(),
      datacontenttype: 'application/json',
      data: { prompt_tokens: 1, request_id: first?.requestId, cost_micros: Number(first?.costMicros) },
    })
    expect(await deadExports(10)).toEqual([expect.objectContaining({ sink: 'openmeter', eventId: three.events[0]?.id })])
    await reviveExports('openmeter')
    bad.clear()
    await drain(sink())
    expect(events.size).toBe(22)
  })
})

describe('Lago', () => {
  interface LagoEvent {
    transaction_id: string
    external_subscription_id: string
    code: string
    timestamp: number
    properties: Record<string, unknown>
  }
  const events = new Map<string, LagoEvent>()
  const server = useLocalServer(({ method, path, headers, body }): Reply => {
    if (method !== 'POST' || path !== '/api/v1/events/batch' || headers.authorization !== 'Bearer lago_key') return { status: 401 }
    const batch = (JSON.parse(body) as { events: LagoEvent[] }).events // as sent
    const known = batch.flatMap((event, place) => (events.has(event.transaction_id) ? [[String(place), { transaction_id: ['value_already_exist'] }]] : []))
    // All or nothing, as Lago has it.
    if (known.length > 0) return { status: 422, body: { status: 422, error: 'Unprocessable Entity', code: 'validation_errors', error_details: Object.fromEntries(known) as object } }
    if (batch.length > 100) return { status: 422, body: { code: 'validation_errors', error_details: { events: ['too_many_events'] } } }
    for (const event of batch) events.set(event.transaction_id, event)
    return { status: 200, body: { events: [] } }
  })

  it('has each event once under its subscription, also where it refuses copies', { timeout: 60_000 }, async () => {
    await setSinks(['lago'])
    const { orgId, events: used } = await user(20)
    const sink = lagoSink(parseEnv({ LAGO_URL: server.url, LAGO_TOKEN: 'lago_key', LAGO_SUBSCRIPTION: 'parley-{org}' }), TIMEOUT_MS) ?? expect.fail('no sink')
    server.trouble = unreliable(3)
    await drain({ ...sink, batch: 6 })
    expect(await deadExports(10)).toHaveLength(0)
    expect([...events.keys()].sort()).toEqual(used.map(({ id }) => id).sort())
    const [first] = used
    expect(events.get(first?.id ?? '')).toEqual({
      transaction_id: first?.id,
      external_subscription_id: `parley-${orgId}`,
      code: 'parley_usage',
      timestamp: (first?.time.getTime() ?? 0) / 1000,
      properties: expect.objectContaining({ model: 'm', feature: 'chat', prompt_tokens: 1, cost_micros: Number(first?.costMicros) }) as unknown,
    })
  })
})
