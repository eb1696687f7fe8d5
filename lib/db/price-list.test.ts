import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEATURES } from '@/lib/contract/feature'
import { PLAN_NAMES } from '@/lib/domain/plans'
import { costMicros, mostMicros, PRICE_DIRECTIONS, pricesFor } from '@/lib/domain/pricing'
import { monthBalance, placeHold, settleHold } from './ledger'
import { setOrganizationTerms } from './organizations'
import { addPriceVersion, listPriceVersions, pricesAt, type NewPrice } from './price-list'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

const price = (more: Partial<NewPrice>): NewPrice => ({
  plan: 'free',
  model: '*',
  feature: 'write',
  direction: 'prompt',
  microsPerMillion: 1n,
  validFrom: null,
  createdBy: null,
  ...more,
})

it('has a price of every plan, feature and direction to begin with', async () => {
  const prices = await pricesAt(new Date())
  for (const plan of PLAN_NAMES) {
    for (const feature of FEATURES) {
      const of = prices.filter((version) => version.plan === plan && version.feature === feature && version.model === '*')
      expect(of.map(({ direction }) => direction).sort(), `${plan} ${feature}`).toEqual([...PRICE_DIRECTIONS].sort())
    }
  }
  const [chat, translate] = (['chat', 'translate'] as const).map((feature) => pricesFor(prices, { plan: 'pro', model: 'm', feature, at: new Date() }))
  expect(chat).toEqual({ prompt: 500_000n, completion: 1_500_000n, characters: 0n, training: 3_000_000n })
  expect(translate).toEqual({ prompt: 0n, completion: 0n, characters: 20_000_000n, training: 3_000_000n })
})

describe('a new version', () => {
  it('begins in the future alone, once for a moment', async () => {
    await expect(addPriceVersion(price({ validFrom: new Date() }))).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(/keeps its price/) as unknown })
    const validFrom = new Date(Date.now() + 3_600_000)
    expect(await addPriceVersion(price({ validFrom, microsPerMillion: 7n }))).toMatchObject({ validFrom, microsPerMillion: 7n })
    await expect(addPriceVersion(price({ validFrom }))).rejects.toMatchObject({ code: 'conflict' })
    await expect(addPriceVersion(price({ microsPerMillion: null }))).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await addPriceVersion(price({ direction: 'training' }))).validFrom.getTime()).toBeGreaterThan(Date.now())
  })

  it('can be edited by nobody', async () => {
    for (const url of [database.appUrl, database.operatorUrl]) {
      await withConnection(url, async (client) => {
        await expect(client.query('UPDATE price_versions SET micros_per_million = 0')).rejects.toThrow(/permission denied/)
        await expect(client.query('DELETE FROM price_versions')).rejects.toThrow(/permission denied/)
        await expect(client.query(`INSERT INTO price_versions (plan, model, feature, direction, valid_from) VALUES ('free', 'm', 'chat', 'prompt', now())`)).rejects.toThrow(/permission denied/)
      })
    }
    await withConnection(database.appUrl, (client) => expect(client.query(`SELECT add_price_version('free', 'm', 'chat', 'prompt', 0, NULL, NULL)`)).rejects.toThrow(/permission denied/))
  })

  it('leaves what was held before it at the price, and the plan, of its hold', async () => {
    const { orgId } = await makeTenant({ plan: 'pro' })
    const hold = (requestId: string) => placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'chat', tokens: 100, characters: 0, ttlSeconds: 60 })
    const settle = (requestId: string) => settleHold(orgId, requestId, { promptTokens: 10, completionTokens: 10, characters: 0 })
    await hold('before')
    const { validFrom } = await addPriceVersion(price({ plan: 'pro', feature: 'chat', direction: 'completion', microsPerMillion: 9_000_000n }))
    await delay(validFrom.getTime() - Date.now() + 20)
    await hold('after')
    await setOrganizationTerms(orgId, { plan: 'free' })
    expect(await settle('before')).toEqual({ costMicros: 20n, settled: true })
    expect(await settle('after')).toEqual({ costMicros: 95n, settled: true })
    await hold('free')
    expect(await settle('free')).toEqual({ costMicros: 20n, settled: true })
    expect((await monthBalance(orgId)).cost).toEqual({ used: 135n, held: 0n })
  })
})

describe('the database', () => {
  const count = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 2 ** 31 }))
  const micros = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 5n }), fc.bigInt({ min: 0n, max: 50_000_000n }))
  const version = fc.record({ model: fc.constantFrom('*', 'a', 'b'), direction: fc.constantFrom(...PRICE_DIRECTIONS), microsPerMillion: fc.option(micros, { freq: 5 }), minutesAgo: fc.integer({ min: 1, max: 40 }) })
  const use = fc.record({ promptTokens: count, completionTokens: count, characters: count, trainingTokens: count, model: fc.constantFrom('a', 'b', 'c'), minutesAgo: fc.integer({ min: 0, max: 45 }) })

  it('bills exactly what the pure function says, for any history of prices', async () => {
    const { orgId } = await makeTenant({ plan: 'enterprise' })
    await fc.assert(
      fc.asyncProperty(fc.array(version, { maxLength: 12 }), fc.array(use, { minLength: 1, maxLength: 4 }), async (versions, uses) => {
        const now = Date.now()
        await withConnection(database.ownerUrl, async (client) => {
          // A history that could have come about: as the owner, since nobody else may write into the past.
          await client.query(`DELETE FROM price_versions WHERE plan = 'enterprise' AND valid_from > '2000-01-01'`)
          for (const { model, direction, microsPerMillion, minutesAgo } of versions) {
            if (microsPerMillion === null && model === '*') continue
            await client.query(
              `INSERT INTO price_versions (plan, model, feature, direction, micros_per_million, valid_from) VALUES ('enterprise', $1, 'chat', $2, $3, $4) ON CONFLICT DO NOTHING`,
              [model, direction, microsPerMillion?.toString() ?? null, new Date(now - minutesAgo * 60_000)],
            )
          }
          const list = await listPriceVersions()
          for (const { model, minutesAgo, ...used } of uses) {
            const requestId = randomUUID()
            const tokens = used.promptTokens + used.completionTokens
            const most = { tokens, promptTokens: used.promptTokens, characters: used.characters, trainingTokens: used.trainingTokens }
            await placeHold(orgId, { requestId, userId: null, keyId: null, model, feature: 'chat', ttlSeconds: 60, ...most })
            const { rows } = await client.query<{ cost: string; at: Date }>(`SELECT cost_micros AS cost, created_at AS at FROM ledger_holds WHERE request_id = $1`, [requestId])
            const held = rows[0]
            const prices = pricesFor(list, { plan: 'enterprise', model, feature: 'chat', at: held?.at ?? new Date() })
            expect(held?.cost).toBe(mostMicros(most, prices).toString())
            const at = new Date(now - minutesAgo * 60_000)
            await client.query('UPDATE ledger_holds SET created_at = $1 WHERE request_id = $2', [at, requestId])
            const then = pricesFor(list, { plan: 'enterprise', model, feature: 'chat', at })
            expect((await settleHold(orgId, requestId, used)).costMicros).toBe(costMicros(used, then))
          }
        })
      }),
      { numRuns: 25 },
    )
  })
})
