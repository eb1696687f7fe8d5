import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costMicros, EVERY_MODEL, mostMicros, pricesFor, type Prices, type PriceVersion } from './pricing'

const BY_TOKEN: Prices = { prompt: 500_000n, completion: 1_500_000n, characters: 0n, training: 3_000_000n }
const nothing = { promptTokens: 0, completionTokens: 0, characters: 0 }
const count = fc.integer({ min: 0, max: 10_000_000 })
const price = fc.bigInt({ min: 0n, max: 100_000_000n })
const anyPrices = fc.record({ prompt: price, completion: price, characters: price, training: price })

describe('costMicros', () => {
  it('charges nothing for nothing', () => {
    expect(costMicros(nothing, BY_TOKEN)).toBe(0n)
  })

  it('rounds the sum up, once', () => {
    // One prompt token is half a micro-unit, one completion token one and a half.
    expect(costMicros({ ...nothing, promptTokens: 1 }, BY_TOKEN)).toBe(1n)
    expect(costMicros({ ...nothing, promptTokens: 2 }, BY_TOKEN)).toBe(1n)
    expect(costMicros({ ...nothing, promptTokens: 3 }, BY_TOKEN)).toBe(2n)
    expect(costMicros({ ...nothing, promptTokens: 1, completionTokens: 1 }, BY_TOKEN)).toBe(2n)
    expect(costMicros({ ...nothing, promptTokens: 1_000_000, completionTokens: 1_000_000 }, BY_TOKEN)).toBe(2_000_000n)
    expect(costMicros({ ...nothing, promptTokens: 1, trainingTokens: 1 }, BY_TOKEN)).toBe(4n)
  })

  it('stays exact beyond what a double holds', () => {
    expect(costMicros({ ...nothing, completionTokens: Number.MAX_SAFE_INTEGER }, BY_TOKEN)).toBe(13_510_798_882_111_487n)
  })

  it('is at most what was held for it, however its tokens were split', () => {
    fc.assert(
      fc.property(anyPrices, count, count, count, (prices, promptTokens, completionTokens, characters) => {
        const cost = costMicros({ promptTokens, completionTokens, characters }, prices)
        const tokens = promptTokens + completionTokens
        return cost <= mostMicros({ tokens, promptTokens, characters }, prices) && mostMicros({ tokens, promptTokens, characters }, prices) <= mostMicros({ tokens, characters }, prices)
      }),
    )
  })

  it('refuses counts that cannot be', () => {
    for (const promptTokens of [-1, 0.5, NaN, Infinity]) expect(() => costMicros({ ...nothing, promptTokens }, BY_TOKEN)).toThrow(RangeError)
  })
})

describe('the prices of a moment', () => {
  const day = (number: number) => new Date(Date.UTC(2026, 0, number))
  const version = (model: string, microsPerMillion: bigint | null, validFrom: Date): PriceVersion => ({ plan: 'pro', model, feature: 'chat', direction: 'prompt', microsPerMillion, validFrom })
  const list = [version('big', 9n, day(3)), version(EVERY_MODEL, 2n, day(5)), version(EVERY_MODEL, 1n, day(1)), version('big', null, day(7))]
  const at = (model: string, number: number) => pricesFor(list, { plan: 'pro', model, feature: 'chat', at: day(number) }).prompt

  it('are the last that had begun, in whatever order they stand', () => {
    expect([1, 4, 5, 9].map((number) => at('small', number))).toEqual([1n, 1n, 2n, 2n])
  })

  it('are the model’s own while it has one', () => {
    expect([2, 3, 6, 7].map((number) => at('big', number))).toEqual([1n, 9n, 9n, 2n])
  })

  it('are nothing for another plan, feature or direction', () => {
    expect(pricesFor(list, { plan: 'free', model: 'big', feature: 'chat', at: day(9) }).prompt).toBe(0n)
    expect(pricesFor(list, { plan: 'pro', model: 'big', feature: 'write', at: day(9) }).prompt).toBe(0n)
    expect(pricesFor(list, { plan: 'pro', model: 'big', feature: 'chat', at: day(9) }).completion).toBe(0n)
  })
})
