import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Feature } from '@/lib/contract/feature'
import { createApiKey } from './api-keys'
import { placeHold, settleHold } from './ledger'
import { overallUsage, overallUsageBy, overallUsageByDay, usedModels, type UsageOfGroup } from './operator-usage'
import { previewPrice } from './price-preview'
import { addPriceVersion } from './price-list'
import { useDatabase } from './testing/database'
import { moveUse } from './testing/past-use'
import { makeTenant } from './testing/tenant'

const database = useDatabase()

const span = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') }

interface Use {
  feature?: Feature
  model?: string
  keyId?: string | null
  userId?: string | null
  prompt?: number
  completion?: number
  characters?: number
}

async function use(orgId: string, at: string, { feature = 'chat', model = 'a', keyId = null, userId = null, prompt = 0, completion = 0, characters = 0 }: Use): Promise<void> {
  const requestId = randomUUID()
  await placeHold(orgId, { requestId, userId, keyId, model, feature, tokens: prompt + completion, characters, ttlSeconds: 60 })
  await settleHold(orgId, requestId, { promptTokens: prompt, completionTokens: completion, characters })
  await moveUse(database.ownerUrl, orgId, requestId, new Date(at))
}

let small: Awaited<ReturnType<typeof makeTenant>>
let large: Awaited<ReturnType<typeof makeTenant>>
let keyId: string

beforeAll(async () => {
  small = await makeTenant({ plan: 'free' })
  large = await makeTenant({ plan: 'pro' })
  keyId = (await createApiKey(large.orgId, { name: 'Website', scopes: ['chat'], createdBy: null, expiresAt: null, prefix: 'pk_', hash: randomUUID() })).id
  await use(small.orgId, '2026-03-01T00:00:00Z', { prompt: 1000, completion: 100, userId: small.userId })
  await use(large.orgId, '2026-03-31T23:59:59Z', { prompt: 500_000, completion: 0, keyId, model: 'b' })
  await use(large.orgId, '2026-03-10T12:00:00Z', { feature: 'translate', characters: 10_000, prompt: 9, completion: 9, keyId })
  // Before and after the days that are asked for.
  await use(large.orgId, '2026-02-28T23:59:59Z', { prompt: 7000 })
  await use(large.orgId, '2026-04-01T00:00:00Z', { prompt: 7000 })
})

const shown = (rows: UsageOfGroup[]) => rows.map(({ id, name, requests, costMicros }) => [id, name, requests, Number(costMicros)])

describe('usage over all tenants', () => {
  it('sums the days that are asked for, from the first moment to the last', async () => {
    expect(await overallUsage(span)).toEqual({
      promptTokens: 501_009, completionTokens: 109, characters: 10_000, trainingTokens: 0, costMicros: 250_000n + 650n + 200_000n, requests: 3, tenants: 2,
    })
    expect(await overallUsage({ ...span, orgId: small.orgId })).toMatchObject({ requests: 1, costMicros: 650n, tenants: 1 })
    expect(await overallUsage({ ...span, model: 'b' })).toMatchObject({ requests: 1, promptTokens: 500_000 })
  })

  it('has every day in order, those without use too', async () => {
    const days = await overallUsageByDay(span)
    expect(days).toHaveLength(31)
    expect(days.filter(({ requests }) => requests > 0).map(({ day, requests }) => [day, requests])).toEqual([['2026-03-01', 1], ['2026-03-10', 1], ['2026-03-31', 1]])
  })

  it('groups by tenant, model, feature, key and member, the dearest first and by their names', async () => {
    expect(shown(await overallUsageBy('tenant', span, 10))).toEqual([[large.orgId, 'Tenant', 2, 450_000], [small.orgId, 'Tenant', 1, 650]])
    expect(shown(await overallUsageBy('model', span, 1))).toEqual([['b', 'b', 1, 250_000]])
    expect(shown(await overallUsageBy('feature', span, 10))).toEqual([['chat', 'chat', 2, 250_650], ['translate', 'translate', 1, 200_000]])
    expect(shown(await overallUsageBy('key', span, 10))).toEqual([[keyId, 'Website', 2, 450_000], [null, null, 1, 650]])
    expect(shown(await overallUsageBy('member', { ...span, orgId: small.orgId }, 10))).toEqual([[small.userId, small.email, 1, 650]])
    expect(await usedModels(span)).toEqual(['a', 'b'])
  })
})

describe('the preview of a price', () => {
  const price = { plans: ['free', 'pro'] as const, model: '*', feature: 'chat' as const, direction: 'prompt' as const }

  it('is of what the plans’ tenants used, at the price of today and at the new one', async () => {
    expect(await previewPrice({ ...price, microsPerMillion: 1_000_000n }, span.from, span.to)).toEqual({ amount: 501_000, beforeMicros: 250_500n, afterMicros: 501_000n })
    expect(await previewPrice({ ...price, plans: ['free'], microsPerMillion: 0n }, span.from, span.to)).toEqual({ amount: 1000, beforeMicros: 500n, afterMicros: 0n })
    expect(await previewPrice({ ...price, model: 'b', microsPerMillion: 2_000_000n }, span.from, span.to)).toEqual({ amount: 500_000, beforeMicros: 250_000n, afterMicros: 1_000_000n })
  })

  it('leaves a model with a price of its own out of every model’s, and gives it every model’s when its own ends', async () => {
    const { validFrom } = await addPriceVersion({ plan: 'pro', model: 'b', feature: 'chat', direction: 'prompt', microsPerMillion: 4_000_000n, validFrom: null, createdBy: null })
    await new Promise((resolve) => setTimeout(resolve, validFrom.getTime() - Date.now() + 50))
    expect(await previewPrice({ ...price, microsPerMillion: 1_000_000n }, span.from, span.to)).toEqual({ amount: 1000, beforeMicros: 500n, afterMicros: 1000n })
    expect(await previewPrice({ ...price, model: 'b', microsPerMillion: null }, span.from, span.to)).toEqual({ amount: 500_000, beforeMicros: 2_000_000n, afterMicros: 250_000n })
  })
})
