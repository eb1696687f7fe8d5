import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { PLANS } from '@/lib/domain/plans'
import { extendHold, monthBalance, placeHold, releaseHold, remainingQuota, settleHold, type Hold } from './ledger'
import { setOrganizationTerms } from './organizations'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'
import { usageEvents } from './usage'

const database = useDatabase()

function hold(tokens: number, more: Partial<Hold> = {}): Hold {
  return { requestId: randomUUID(), userId: null, keyId: null, model: 'm', feature: 'chat', tokens, characters: 0, ttlSeconds: 60, ...more }
}

const used = (promptTokens: number, completionTokens: number, characters = 0) => ({ promptTokens, completionTokens, characters })

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

async function eventsOf(orgId: string) {
  const events = []
  for await (const event of usageEvents(orgId, new Date(0), new Date(Date.now() + 60_000))) events.push(event)
  return events
}

describe('a hold', () => {
  it('takes the quota to its last token and not one further', async () => {
    const { orgId } = await makeTenant({ tokenQuota: 100 })
    await placeHold(orgId, hold(60))
    expect(await codeOf(placeHold(orgId, hold(41)))).toBe('insufficient_quota')
    await placeHold(orgId, hold(40))
    expect(await codeOf(placeHold(orgId, hold(1)))).toBe('insufficient_quota')
    expect(await remainingQuota(orgId)).toMatchObject({ tokens: 0 })
  })

  it('counts characters apart from tokens', async () => {
    const { orgId } = await makeTenant({ characterQuota: 10 })
    await placeHold(orgId, hold(1, { characters: 10, feature: 'translate' }))
    expect(await codeOf(placeHold(orgId, hold(1, { characters: 1, feature: 'translate' })))).toBe('insufficient_quota')
    await placeHold(orgId, hold(1))
  })

  it('falls back to the plan’s limits, which change with the plan', async () => {
    const { orgId } = await makeTenant()
    const limit = PLANS.free.monthlyTokens ?? 0
    expect(await codeOf(placeHold(orgId, hold(limit + 1)))).toBe('insufficient_quota')
    await setOrganizationTerms(orgId, { plan: 'enterprise' })
    await placeHold(orgId, hold(limit + 1))
    expect(await remainingQuota(orgId)).toEqual({ tokens: null, characters: null })
  })

  it('says when a used-up quota is renewed', async () => {
    const { orgId } = await makeTenant({ tokenQuota: 0 })
    await expect(placeHold(orgId, hold(1))).rejects.toMatchObject({
      message: expect.stringMatching(/^The organisation's quota of 0 tokens a month leaves 0, and this request may need 1\. It starts anew on \d{4}-\d\d-01 \(UTC\)\.$/) as unknown,
      retryAfter: expect.any(Number) as unknown,
    })
  })

  it('is refused to a suspended organisation, an unknown one and a request id that was used', async () => {
    const { orgId } = await makeTenant()
    const first = hold(1)
    await placeHold(orgId, first)
    expect(await codeOf(placeHold(orgId, first))).toBe('conflict')
    await settleHold(orgId, first.requestId, used(1, 0))
    expect(await codeOf(placeHold(orgId, first))).toBe('conflict')
    await setOrganizationTerms(orgId, { suspendedAt: new Date() })
    expect(await codeOf(placeHold(orgId, hold(1)))).toBe('insufficient_permissions')
    expect(await codeOf(placeHold(randomUUID(), hold(1)))).toBe('not_found')
    expect(await codeOf(placeHold('not an id', hold(1)))).toBe('not_found')
  })

  it('leaves neither event nor hold where it is refused', async () => {
    const { orgId } = await makeTenant({ tokenQuota: 5 })
    await codeOf(placeHold(orgId, hold(6)))
    expect(await eventsOf(orgId)).toEqual([])
    expect((await monthBalance(orgId)).tokens).toEqual({ used: 0, held: 0, limit: 5 })
  })
})

describe('settling', () => {
  it('makes exactly one event for a request, however often and at once it is asked', async () => {
    const { orgId } = await makeTenant()
    const request = hold(100, { characters: 9, feature: 'translate' })
    await placeHold(orgId, request)
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => settleHold(orgId, request.requestId, used(10, 20, 5))))
    expect(outcomes.filter(({ settled }) => settled)).toHaveLength(1)
    expect(outcomes.every(({ costMicros }) => costMicros === 100n)).toBe(true)
    expect(await settleHold(orgId, request.requestId, used(10, 20, 5))).toEqual({ costMicros: 100n, settled: false })
    expect(await eventsOf(orgId)).toMatchObject([
      { requestId: request.requestId, orgId, feature: 'translate', promptTokens: 10, completionTokens: 20, characters: 5, costMicros: 100n },
    ])
    const balance = await monthBalance(orgId)
    expect(balance.tokens).toMatchObject({ used: 30, held: 0 })
    expect(balance.characters).toMatchObject({ used: 5, held: 0 })
  })

  it('counts in the month of the hold, also when that has passed', async () => {
    const { orgId } = await makeTenant()
    const request = hold(50)
    await placeHold(orgId, request)
    const month = await withConnection(database.ownerUrl, async (client) => {
      await client.query(`UPDATE ledger_holds SET period = period - interval '1 month' WHERE org_id = $1`, [orgId])
      await client.query(`UPDATE usage_balances SET period = period - interval '1 month' WHERE org_id = $1`, [orgId])
      await settleHold(orgId, request.requestId, used(3, 4))
      const { rows } = await client.query<Record<string, string>>(`
        SELECT e.period = b.period AS same, b.tokens_used, b.tokens_held FROM usage_events e JOIN usage_balances b USING (org_id) WHERE org_id = $1`, [orgId])
      return rows
    })
    expect(month).toEqual([{ same: true, tokens_used: '7', tokens_held: '0' }])
    expect((await monthBalance(orgId)).tokens.used).toBe(0)
  })

  it('is refused for a request that was never held, and for another tenant’s', async () => {
    const [mine, theirs] = [await makeTenant(), await makeTenant()]
    const request = hold(5)
    await placeHold(theirs.orgId, request)
    await expect(settleHold(mine.orgId, request.requestId, used(1, 1))).rejects.toThrow(/never held/)
    await releaseHold(mine.orgId, request.requestId)
    expect((await monthBalance(theirs.orgId)).tokens.held).toBe(5)
  })
})

it('releasing gives everything back without an event, any number of times', async () => {
  const { orgId } = await makeTenant()
  const request = hold(50, { characters: 3 })
  await placeHold(orgId, request)
  await Promise.all([releaseHold(orgId, request.requestId), releaseHold(orgId, request.requestId)])
  const balance = await monthBalance(orgId)
  expect([balance.tokens.held, balance.characters.held]).toEqual([0, 0])
  expect(await eventsOf(orgId)).toEqual([])
})

it('extending reaches a live hold alone', async () => {
  const { orgId } = await makeTenant()
  const request = hold(50)
  await placeHold(orgId, request)
  expect(await extendHold(orgId, request.requestId, { ttlSeconds: 60 })).toBe(true)
  await settleHold(orgId, request.requestId, used(1, 1))
  expect(await extendHold(orgId, request.requestId, { ttlSeconds: 60 })).toBe(false)
})

describe('under concurrency', () => {
  const request = fc.record({
    tokens: fc.integer({ min: 1, max: 40 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    ending: fc.constantFrom('settle', 'settle twice', 'release', 'keep'),
  })

  it('holds never overdraw by one token, and events and holds always add up to the balance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 24 }), fc.integer({ min: 0, max: 200 }), async (requests, tokenQuota) => {
        const { orgId } = await makeTenant({ tokenQuota })
        const outcomes = await Promise.all(
          requests.map(async ({ tokens, share, ending }) => {
            const placed = hold(tokens)
            if ((await codeOf(placeHold(orgId, placed))) !== null) return { held: 0, used: 0, events: 0, refused: tokens }
            const completion = Math.floor(tokens * share)
            if (ending === 'keep') return { held: tokens, used: 0, events: 0, refused: 0 }
            if (ending === 'release') {
              await releaseHold(orgId, placed.requestId)
              return { held: 0, used: 0, events: 0, refused: 0 }
            }
            const times = ending === 'settle' ? 1 : 2
            await Promise.all(Array.from({ length: times }, () => settleHold(orgId, placed.requestId, used(0, completion))))
            return { held: 0, used: completion, events: 1, refused: 0 }
          }),
        )
        const sum = (pick: (outcome: (typeof outcomes)[number]) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0)
        const { tokens } = await monthBalance(orgId)
        const events = await eventsOf(orgId)
        expect(tokens.used + tokens.held).toBeLessThanOrEqual(tokenQuota)
        expect(tokens).toEqual({ used: sum((outcome) => outcome.used), held: sum((outcome) => outcome.held), limit: tokenQuota })
        expect(events).toHaveLength(sum((outcome) => outcome.events))
        expect(events.reduce((total, event) => total + event.promptTokens + event.completionTokens, 0)).toBe(tokens.used)
        expect(new Set(events.map((event) => event.requestId)).size).toBe(events.length)
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  it('of equal holds at once, exactly as many are taken as fit', async () => {
    const { orgId } = await makeTenant({ tokenQuota: 100 })
    const codes = await Promise.all(Array.from({ length: 30 }, () => codeOf(placeHold(orgId, hold(7)))))
    expect(codes.filter((code) => code === null)).toHaveLength(14)
    expect(codes.filter((code) => code === 'insufficient_quota')).toHaveLength(16)
  })
})
