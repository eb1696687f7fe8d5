import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import pg from 'pg'
import { rateLimits, type PlanRates, type RateLimits } from '@/lib/domain/rate-limits'
import { admitRequest } from './admission'
import { createApiKey } from './api-keys'
import { placeHold, releaseHold, settleHold } from './ledger'
import { pruneRateBuckets, takeRateTokens } from './rate-limit'
import { useDatabase } from './testing/database'
import { makeTenant } from './testing/tenant'

const database = useDatabase()
const ONE = 60_000_000n

let owner: pg.Client
beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterAll(() => owner.end())

interface Limited {
  orgId: string
  keyId: string
  hash: string
  address: string
}

async function makeLimited(more: { orgId?: string; requestsPerMinute?: number } = {}): Promise<Limited> {
  const orgId = more.orgId ?? (await makeTenant()).orgId
  const hash = randomUUID()
  const { id } = await createApiKey(orgId, { name: 'Key', scopes: ['chat'], createdBy: null, expiresAt: null, prefix: 'pk_', hash, requestsPerMinute: more.requestsPerMinute ?? null })
  return { orgId, keyId: id, hash, address: randomUUID() }
}

function limits(free: Partial<PlanRates>, address: { requests?: number; failures?: number } = {}): RateLimits {
  return rateLimits({ plans: { free: { key: 0, tenant: 0, tokens: 0, ...free } }, address: { requests: 0, failures: 0, ...address } })
}

/** What a bucket holds, in parts; null where there is none. */
async function levelOf(name: string): Promise<bigint | null> {
  const { rows } = await owner.query<{ level: string }>('SELECT level FROM rate_buckets WHERE name = $1', [name])
  return rows[0] === undefined ? null : BigInt(rows[0].level)
}

const age = (name: string, us: number) => owner.query('UPDATE rate_buckets SET refilled_us = refilled_us - $2 WHERE name = $1', [name, us])

describe('a token bucket', () => {
  test('admits, of requests sent at once, exactly as many as it holds, and says what is left', async () => {
    const { hash, address, keyId } = await makeLimited()
    const started = Date.now()
    const answers = await Promise.all(Array.from({ length: 40 }, () => admitRequest(hash, address, limits({ key: 25 }))))
    const admitted = answers.filter(({ requests }) => requests?.admitted === true)
    // One comes back every 2.4 seconds.
    expect(admitted.length).toBeGreaterThanOrEqual(25)
    expect(admitted.length).toBeLessThanOrEqual(25 + Math.ceil((Date.now() - started) / 2400))
    expect(new Set(admitted.map(({ requests }) => requests?.remaining))).toEqual(new Set(Array.from({ length: 25 }, (_, left) => left)))
    const refused = answers.find(({ requests }) => requests?.admitted === false)?.requests
    expect(refused).toMatchObject({ bucket: `key:${keyId}`, limit: 25, remaining: 0 })
    expect(refused?.retryAfterMs).toBeGreaterThan(0)
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(2400)
  })

  test('takes from all of the buckets of a request or from none, whichever refuses', async () => {
    const sizes = fc.record({ key: fc.integer({ min: 1, max: 6 }), tenant: fc.integer({ min: 1, max: 6 }), address: fc.integer({ min: 1, max: 6 }) })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 10 }), async ({ key, tenant, address }, count) => {
        const limited = await makeLimited()
        const set = limits({ key, tenant }, { requests: address })
        const answers = await Promise.all(Array.from({ length: count }, () => admitRequest(limited.hash, limited.address, set)))
        const admitted = BigInt(answers.filter(({ requests }) => requests?.admitted === true).length)
        expect(Number(admitted)).toBe(Math.min(key, tenant, address, count))
        for (const [name, most] of [[`key:${limited.keyId}`, key], [`tenant:${limited.orgId}`, tenant], [`address:${limited.address}`, address]] as const) {
          const level = (await levelOf(name)) ?? 0n
          const taken = BigInt(most) * ONE - level
          // What has come back since: never a whole one in this time.
          expect(taken > (admitted - 1n) * ONE && taken <= admitted * ONE, `${name}: ${level} of ${most} after ${admitted}`).toBe(true)
        }
      }),
      { numRuns: 12 },
    )
  })

  test('refills to the part, however often it is asked in between', async () => {
    const name = `test:${randomUUID()}`
    // 7 in 60 seconds does not divide: one comes back every 8.571428… seconds.
    const rate = { limit: 7, seconds: 60 }
    for (let taken = 0; taken < 7; taken++) await takeRateTokens(name, rate)
    const before = { level: (await levelOf(name)) ?? 0n, at: await refilledAt(name) }
    for (let step = 0; step < 20; step++) {
      await age(name, 1_234_567)
      await takeRateTokens(name, rate)
    }
    const [level, at] = [(await levelOf(name)) ?? 0n, await refilledAt(name)]
    // Whole ones were taken and 7 parts a microsecond came back: the rest of the division says it exactly.
    const elapsed = at - before.at + 20n * 1_234_567n
    expect((before.level + 7n * elapsed - level) % ONE).toBe(0n)
  })

  test('is never fuller than full, and a clock that goes back takes nothing away', async () => {
    const name = `test:${randomUUID()}`
    await takeRateTokens(name, { limit: 3, seconds: 60 })
    await age(name, 3_600_000_000)
    expect(await takeRateTokens(name, { limit: 3, seconds: 60 })).toMatchObject({ admitted: true, remaining: 2 })
    await age(name, -3_600_000_000)
    expect(await takeRateTokens(name, { limit: 3, seconds: 60 })).toMatchObject({ admitted: true, remaining: 1 })
  })

  test('that nobody has asked for a day is dropped, others stay', async () => {
    const [old, young] = [`test:${randomUUID()}`, `test:${randomUUID()}`]
    for (const name of [old, young]) await takeRateTokens(name, { limit: 3, seconds: 60 })
    await age(old, 25 * 3_600_000_000)
    expect(await pruneRateBuckets()).toBeGreaterThan(0)
    expect([await levelOf(old), (await levelOf(young)) !== null]).toEqual([null, true])
  })
})

async function refilledAt(name: string): Promise<bigint> {
  const { rows } = await owner.query<{ refilled_us: string }>('SELECT refilled_us FROM rate_buckets WHERE name = $1', [name])
  return BigInt(rows[0]?.refilled_us ?? 0)
}

describe('admission', () => {
  test('a key’s own limit goes before the plan’s, and its tenant’s holds for all of its keys together', async () => {
    const { orgId, hash, address } = await makeLimited({ requestsPerMinute: 2 })
    const second = await makeLimited({ orgId })
    const set = limits({ key: 10, tenant: 5 })
    const take = async (key: string) => (await admitRequest(key, address, set)).requests
    expect([await take(hash), await take(hash), await take(hash)].map((state) => state?.admitted)).toEqual([true, true, false])
    const others = [await take(second.hash), await take(second.hash), await take(second.hash), await take(second.hash)]
    expect(others.map((state) => state?.admitted)).toEqual([true, true, true, false])
    expect(others[3]?.bucket).toBe(`tenant:${orgId}`)
  })

  test('of a key that is not valid counts against its address alone, which a valid key does not feel', async () => {
    const { hash, address, keyId } = await makeLimited()
    const set = limits({ key: 9, tenant: 9 }, { requests: 9, failures: 2 })
    const outcomes = [await admitRequest('unknown', address, set), await admitRequest(null, address, set), await admitRequest('unknown', address, set)]
    expect(outcomes.map(({ requests }) => requests?.admitted)).toEqual([true, true, false])
    expect(outcomes[2]).toMatchObject({ identity: null, requests: { bucket: `failure:${address}` }, tokens: null })
    expect(await admitRequest(hash, address, set)).toMatchObject({ identity: { keyId }, requests: { admitted: true } })
  })

  test('limits nothing where every limit is 0', async () => {
    const { hash, address } = await makeLimited()
    expect(await admitRequest(hash, address, limits({}))).toMatchObject({ requests: null, tokens: null })
  })
})

describe('tokens a minute', () => {
  const hold = (tokens: number) => ({ requestId: randomUUID(), userId: null, keyId: null, model: 'm', feature: 'chat' as const, tokens, characters: 0, ttlSeconds: 60 })

  test('are taken with the hold, and what was not used comes back when it is settled or released', async () => {
    const { orgId, hash, address } = await makeLimited()
    const rate = { limit: 1000, remaining: 1000 }
    const [first, second] = [hold(600), hold(300)]
    await placeHold(orgId, first, rate)
    await placeHold(orgId, second, rate)
    expect(rate.remaining).toBeLessThan(200)
    await expect(placeHold(orgId, hold(600), rate)).rejects.toMatchObject({ code: 'rate_limit_exceeded', retryAfter: expect.any(Number) as unknown })
    await settleHold(orgId, first.requestId, { promptTokens: 50, completionTokens: 50, characters: 0 }, { limit: 1000, tokens: 500 })
    await releaseHold(orgId, second.requestId, { limit: 1000, tokens: 300 })
    const { tokens } = await admitRequest(hash, address, limits({ tokens: 1000 }))
    expect(tokens?.remaining).toBeGreaterThanOrEqual(900)
    expect(tokens?.remaining).toBeLessThan(1000)
  })

  test('a refused hold takes none, whether the minute or the quota refuses it', async () => {
    const { orgId } = await makeTenant({ tokenQuota: 100 })
    const rate = { limit: 1000, remaining: 1000 }
    await expect(placeHold(orgId, hold(500), rate)).rejects.toMatchObject({ code: 'insufficient_quota' })
    expect(await levelOf(`tokens:${orgId}`)).toBeNull()
  })

  test('a request for more than a minute holds is let through when nothing else is used, and those after it wait', async () => {
    const { orgId } = await makeTenant()
    const rate = { limit: 100, remaining: 100 }
    await placeHold(orgId, hold(250), rate)
    expect(rate.remaining).toBe(0)
    await expect(placeHold(orgId, hold(1), rate)).rejects.toMatchObject({ code: 'rate_limit_exceeded' })
  })

  test('holds and settlements at once never wait for each other in a circle', async () => {
    const { orgId } = await makeTenant({ plan: 'enterprise' })
    const rate = { limit: 1_000_000, remaining: 0 }
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const wanted = hold(10)
        await placeHold(orgId, wanted, rate)
        await settleHold(orgId, wanted.requestId, { promptTokens: 1, completionTokens: 1, characters: 0 }, { limit: rate.limit, tokens: 8 })
      }),
    )
    const used = 1_000_000n * ONE - ((await levelOf(`tokens:${orgId}`)) ?? 0n)
    expect(used <= 80n * ONE).toBe(true)
  })
})
