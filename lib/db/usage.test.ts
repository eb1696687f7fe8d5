import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Feature } from '@/lib/contract/feature'
import { placeHold, settleHold } from './ledger'
import { useDatabase } from './testing/database'
import { moveUse } from './testing/past-use'
import { makeTenant, withConnection } from './testing/tenant'
import { monthUsage, usageByDay, usageEvents, usageSums, type UsageStep } from './usage'

const database = useDatabase()

async function use(orgId: string, feature: Feature, model: string, keyId: string | null, tokens: number): Promise<string> {
  const requestId = randomUUID()
  await placeHold(orgId, { requestId, userId: null, keyId, model, feature, tokens: 100, characters: 0, ttlSeconds: 60 })
  await settleHold(orgId, requestId, { promptTokens: tokens, completionTokens: 1, characters: 0 })
  return requestId
}

const always = [new Date(0), new Date('2100-01-01')] as const

it('sums by day and by whatever is asked for, over this tenant’s events alone', async () => {
  const [{ orgId }, other] = [await makeTenant(), await makeTenant()]
  const keyId = randomUUID()
  await use(orgId, 'chat', 'a', null, 10)
  await use(orgId, 'chat', 'b', keyId, 20)
  await use(orgId, 'translate', 'a', keyId, 30)
  await use(other.orgId, 'chat', 'a', null, 40)
  const day = new Date(new Date().toISOString().slice(0, 10))
  expect(await usageByDay(orgId, ...always)).toEqual([
    { day, promptTokens: 60, completionTokens: 3, characters: 0, trainingTokens: 0, costMicros: 19n, requests: 3 },
  ])
  const grouped = await usageByDay(orgId, ...always, ['key', 'feature'])
  const asked = grouped.map(({ key, feature, promptTokens }) => ({ key, feature, promptTokens }))
  expect(asked).toHaveLength(3)
  expect(asked).toEqual(
    expect.arrayContaining([
      { key: null, feature: 'chat', promptTokens: 10 },
      { key: keyId, feature: 'chat', promptTokens: 20 },
      { key: keyId, feature: 'translate', promptTokens: 30 },
    ]),
  )
  expect(await monthUsage(orgId)).toMatchObject({ tokens: 63, tokenLimit: 1_000_000, characters: 0 })
})

it('takes the beginning of a span and leaves its end', async () => {
  const { orgId } = await makeTenant()
  const requestId = await use(orgId, 'chat', 'a', null, 1)
  const at = new Date('2026-03-01T00:00:00Z')
  await moveUse(database.ownerUrl, orgId, requestId, at)
  const next = new Date(at.getTime() + 1)
  expect(await usageByDay(orgId, at, next)).toMatchObject([{ day: at, requests: 1 }])
  expect(await usageByDay(orgId, new Date(0), at)).toEqual([])
  expect(await usageByDay(orgId, next, new Date('2100-01-01'))).toEqual([])
})

it('exports every event once and in order, over any number of pages, also where times are equal', async () => {
  const { orgId } = await makeTenant()
  await withConnection(database.ownerUrl, (client) =>
    client.query(
      `INSERT INTO usage_events (org_id, request_id, model, feature, period, prompt_tokens, completion_tokens, characters, cost_micros, created_at)
       SELECT $1, n::text, 'm', 'chat', '2026-03-01', n, 0, 0, 0, timestamptz '2026-03-01' + (n / 700) * interval '1 hour' FROM generate_series(1, 2500) n`,
      [orgId],
    ),
  )
  const events = await eventsOf(orgId)
  expect(new Set(events.map((event) => event.requestId)).size).toBe(2500)
  expect(events).toHaveLength(2500)
  const times = events.map((event) => event.time.getTime())
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

it('sums of any span, by any step and groups, are the sums of its events, though they are read from roll-ups', async () => {
  const { orgId } = await makeTenant()
  const start = Date.parse('2026-01-20T00:00:00Z')
  const span = 75 * 86_400_000
  await withConnection(database.ownerUrl, async (client) => {
    await client.query(
      `INSERT INTO usage_events (org_id, request_id, user_id, key_id, model, feature, period, prompt_tokens, completion_tokens, characters, training_tokens, cost_micros, created_at)
       SELECT $1, n::text, CASE WHEN n % 3 = 0 THEN $2::uuid END, CASE WHEN n % 4 = 0 THEN $3::uuid END, 'm' || n % 2, CASE WHEN n % 5 = 0 THEN 'chat' ELSE 'write' END::feature,
         '2026-02-01', n, n * 2, n % 7, n % 11, n * 3, to_timestamp(($4::float8 + $5::float8 * ((n * 7919) % 600) / 600) / 1000) FROM generate_series(1, 600) n`,
      [orgId, randomUUID(), randomUUID(), start, span],
    )
    await client.query('SELECT rebuild_usage_sums($1)', [orgId])
  })
  const events = await eventsOf(orgId)
  const unit: Record<UsageStep, number> = { hour: 13, day: 10, month: 7, all: 0 }
  // Often on the hour, and where months begin and end.
  const moment = fc.oneof(fc.integer({ min: 0, max: span }), fc.integer({ min: 0, max: 75 * 24 }).map((hour) => hour * 3_600_000), fc.constantFrom(0, 12, 30, 40, 71, 75).map((day) => day * 86_400_000))
  const steps = fc.constantFrom<UsageStep>('hour', 'day', 'month', 'all')
  await fc.assert(
    fc.asyncProperty(moment, moment, steps, fc.subarray(['model', 'feature', 'key', 'member'] as const), async (a, b, step, groups) => {
      const [from, to] = [new Date(start + Math.min(a, b)), new Date(start + Math.max(a, b))]
      const expected = new Map<string, number[]>()
      for (const event of events.filter(({ time }) => time >= from && time < to)) {
        const name = JSON.stringify([step === 'all' ? '' : event.time.toISOString().slice(0, unit[step]), ...groups.map((group) => event[group])])
        const use = [event.promptTokens, event.completionTokens, event.characters, event.trainingTokens, Number(event.costMicros), 1]
        expected.set(name, use.map((value, index) => value + (expected.get(name)?.[index] ?? 0)))
      }
      const found = new Map<string, number[]>()
      for (const sum of await usageSums(orgId, from, to, step, groups)) {
        const name = JSON.stringify([step === 'all' ? '' : sum.time.toISOString().slice(0, unit[step]), ...groups.map((group) => sum[group])])
        found.set(name, [sum.promptTokens, sum.completionTokens, sum.characters, sum.trainingTokens, Number(sum.costMicros), sum.requests])
      }
      expect([...found].sort()).toEqual([...expected].sort())
    }),
    { numRuns: 60 },
  )
})

async function eventsOf(orgId: string) {
  const events = []
  for await (const event of usageEvents(orgId, ...always)) events.push(event)
  return events
}
