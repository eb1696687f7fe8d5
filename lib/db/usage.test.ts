import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Feature } from '@/lib/contract/feature'
import { placeHold, settleHold } from './ledger'
import { useDatabase } from './testing/database'
import { moveUse } from './testing/past-use'
import { makeTenant, withConnection } from './testing/tenant'
import { monthUsage, usageByDay, usageEvents } from './usage'

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
  const events = []
  for await (const event of usageEvents(orgId, ...always)) events.push(event)
  expect(new Set(events.map((event) => event.requestId)).size).toBe(2500)
  expect(events).toHaveLength(2500)
  const times = events.map((event) => event.time.getTime())
  expect(times).toEqual([...times].sort((a, b) => a - b))
})
