import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { createApiKey } from './api-keys'
import { callerQuotas, listQuotaAlerts, readBudget, recordQuotaAlerts, setKeyQuota, setMemberQuota, writeBudget } from './budgets'
import { monthBalance, placeHold, remainingQuota, settleHold, type Hold } from './ledger'
import { setOrganizationTerms } from './organizations'
import { useDatabase } from './testing/database'
import { makeTenant } from './testing/tenant'

useDatabase()

async function makeCallers(tokenQuota: number | null = null) {
  const tenant = await makeTenant({ plan: 'enterprise', tokenQuota })
  const key = async () => (await createApiKey(tenant.orgId, { name: 'Key', scopes: ['chat'], createdBy: tenant.userId, expiresAt: null, prefix: 'pk_', hash: randomUUID() })).id
  return { ...tenant, keyId: await key(), otherKeyId: await key() }
}

function hold(tokens: number, more: Partial<Hold> = {}): Hold {
  return { requestId: randomUUID(), userId: null, keyId: null, model: 'm', feature: 'chat', tokens, characters: 0, ttlSeconds: 60, ...more }
}

async function refusal(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof AppError && error.code === 'insufficient_quota') return error.message
    throw error
  }
}

describe("a key's and a member's quota", () => {
  it('bind that key and that member alone, to the last token, and count what was used before they were set', async () => {
    const { orgId, userId, keyId, otherKeyId } = await makeCallers()
    const first = hold(60, { keyId })
    await placeHold(orgId, first)
    await settleHold(orgId, first.requestId, { promptTokens: 10, completionTokens: 20, characters: 0 })
    await setKeyQuota(orgId, keyId, 100)
    await setMemberQuota(orgId, userId, 50)
    expect(await remainingQuota(orgId, { keyId })).toEqual({ tokens: 70, characters: null })
    await placeHold(orgId, hold(70, { keyId }))
    expect(await refusal(placeHold(orgId, hold(1, { keyId })))).toMatch(/^This key's quota of 100 tokens a month leaves 0/)
    await placeHold(orgId, hold(1000, { keyId: otherKeyId }))
    await placeHold(orgId, hold(50, { userId }))
    expect(await refusal(placeHold(orgId, hold(1, { userId })))).toMatch(/^This member's quota of 50 tokens/)
    expect(await remainingQuota(orgId, { keyId: otherKeyId })).toEqual({ tokens: null, characters: null })
    await setKeyQuota(orgId, keyId, null)
    await placeHold(orgId, hold(1, { keyId }))
    const quotas = await callerQuotas(orgId)
    expect(quotas).toHaveLength(3)
    expect(quotas).toContainEqual({ kind: 'key', id: keyId, used: 30, held: 71, limit: null })
    expect(quotas).toContainEqual({ kind: 'member', id: userId, used: 0, held: 50, limit: 50 })
  })

  it('and the organisation’s bind together: what is left is the least', async () => {
    const { orgId, userId, keyId } = await makeCallers(40)
    await setKeyQuota(orgId, keyId, 30)
    await setMemberQuota(orgId, userId, 20)
    expect((await remainingQuota(orgId, { keyId })).tokens).toBe(30)
    expect((await remainingQuota(orgId, { keyId, userId })).tokens).toBe(20)
    await placeHold(orgId, hold(25, { keyId }))
    expect((await remainingQuota(orgId, { userId })).tokens).toBe(15)
    expect(await refusal(placeHold(orgId, hold(16, { userId })))).toMatch(/^The organisation's quota of 40 tokens a month leaves 15, and this request may need 16\. It starts anew on \d{4}-\d\d-01 \(UTC\)\.$/)
    await setOrganizationTerms(orgId, { tokenQuota: 10 })
    expect((await remainingQuota(orgId, { userId })).tokens).toBe(0)
  })

  it('are set on one’s own members and keys alone, to whole numbers', async () => {
    const [mine, theirs] = [await makeCallers(), await makeCallers()]
    await expect(setKeyQuota(mine.orgId, theirs.keyId, 1)).rejects.toMatchObject({ code: 'not_found' })
    await expect(setKeyQuota(mine.orgId, 'no id', 1)).rejects.toMatchObject({ code: 'not_found' })
    await expect(setMemberQuota(mine.orgId, theirs.userId, 1)).rejects.toMatchObject({ code: 'not_found' })
    await expect(setMemberQuota(mine.orgId, mine.userId, 1.5)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('a budget', () => {
  it('is held at the dearest that a request can cost, and freed to what it did cost', async () => {
    const { orgId } = await makeCallers()
    await writeBudget(orgId, { limitMicros: 100n, hardStop: true, alertPercents: [] })
    // 20 prompt tokens at half a micro-unit and 60 others at one and a half.
    const first = hold(80, { promptTokens: 20 })
    await placeHold(orgId, first)
    expect((await monthBalance(orgId)).cost).toEqual({ used: 0n, held: 100n })
    expect(await refusal(placeHold(orgId, hold(1)))).toMatch(/^The organisation's budget of 0\.000100 a month leaves 0\.000000, and this request may need 0\.000002/)
    await settleHold(orgId, first.requestId, { promptTokens: 20, completionTokens: 4, characters: 0 })
    expect((await monthBalance(orgId)).cost).toEqual({ used: 16n, held: 0n })
    const sold = { model: 'm', feature: 'chat', promptTokens: 24 } as const
    // 84 micro-units: 24 prompt tokens for 12, and 48 more for 72.
    expect(await remainingQuota(orgId, { sold })).toEqual({ tokens: 72, characters: null })
    expect(await remainingQuota(orgId, { sold: { ...sold, feature: 'translate' } })).toEqual({ tokens: null, characters: 4 })
    await placeHold(orgId, hold(72, { promptTokens: 24 }))
    expect((await remainingQuota(orgId, { sold })).tokens).toBe(0)
  })

  it('without a hard stop refuses nothing', async () => {
    const { orgId } = await makeCallers()
    await writeBudget(orgId, { limitMicros: 1n, hardStop: false, alertPercents: [80] })
    await placeHold(orgId, hold(1000))
    expect(await remainingQuota(orgId, { sold: { model: 'm', feature: 'chat', promptTokens: 1 } })).toEqual({ tokens: null, characters: null })
  })

  it('is read as it was written, with its thresholds in order, and refuses nonsense', async () => {
    const { orgId } = await makeCallers()
    expect(await readBudget(orgId)).toEqual({ limitMicros: null, hardStop: true, alertPercents: [50, 80, 100] })
    await writeBudget(orgId, { limitMicros: 5n, hardStop: false, alertPercents: [90, 10, 90] })
    expect(await readBudget(orgId)).toEqual({ limitMicros: 5n, hardStop: false, alertPercents: [10, 90] })
    await expect(writeBudget(orgId, { limitMicros: -1n, hardStop: true, alertPercents: [] })).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(writeBudget(orgId, { limitMicros: null, hardStop: true, alertPercents: [0] })).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

it('each threshold is noted once a month, also when many look at once', async () => {
  const { orgId } = await makeCallers(100)
  await writeBudget(orgId, { limitMicros: 60n, hardStop: false, alertPercents: [50, 80, 100] })
  const request = hold(90)
  await placeHold(orgId, request)
  await recordQuotaAlerts()
  expect(await listQuotaAlerts(orgId)).toEqual([])
  await settleHold(orgId, request.requestId, { promptTokens: 60, completionTokens: 20, characters: 0 })
  await Promise.all(Array.from({ length: 4 }, () => recordQuotaAlerts()))
  const told = (await listQuotaAlerts(orgId)).map(({ measure, percent, used, limit }) => [measure, percent, used, limit])
  expect(told.sort()).toEqual([
    ['budget', 100, 60n, 60n],
    ['budget', 50, 60n, 60n],
    ['budget', 80, 60n, 60n],
    ['tokens', 50, 80n, 100n],
    ['tokens', 80, 80n, 100n],
  ])
  await recordQuotaAlerts()
  expect(await listQuotaAlerts(orgId)).toHaveLength(5)
})
