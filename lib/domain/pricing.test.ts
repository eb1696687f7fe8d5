import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FEATURES } from '@/lib/contract/feature'
import { costMicros } from './pricing'

const nothing = { promptTokens: 0, completionTokens: 0, characters: 0 }
const count = fc.integer({ min: 0, max: 10_000_000 })

describe('costMicros', () => {
  it('charges nothing for nothing', () => {
    for (const feature of FEATURES) expect(costMicros({ feature, ...nothing })).toBe(0n)
  })

  it('rounds the sum up, once', () => {
    // One prompt token is half a micro-unit, one completion token one and a half.
    expect(costMicros({ feature: 'chat', ...nothing, promptTokens: 1 })).toBe(1n)
    expect(costMicros({ feature: 'chat', ...nothing, promptTokens: 2 })).toBe(1n)
    expect(costMicros({ feature: 'chat', ...nothing, promptTokens: 3 })).toBe(2n)
    expect(costMicros({ feature: 'chat', ...nothing, promptTokens: 1, completionTokens: 1 })).toBe(2n)
    expect(costMicros({ feature: 'chat', ...nothing, promptTokens: 1_000_000, completionTokens: 1_000_000 })).toBe(2_000_000n)
  })

  it('sells translation by the character alone', () => {
    expect(costMicros({ feature: 'translate', promptTokens: 900, completionTokens: 900, characters: 1 })).toBe(20n)
  })

  it('stays exact beyond what a double holds', () => {
    expect(costMicros({ feature: 'completion', ...nothing, completionTokens: Number.MAX_SAFE_INTEGER })).toBe(13_510_798_882_111_487n)
  })

  it('costs more for more', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FEATURES), count, count, count, (feature, promptTokens, completionTokens, characters) => {
        const cost = costMicros({ feature, promptTokens, completionTokens, characters })
        const more = costMicros({ feature, promptTokens: promptTokens + 1, completionTokens: completionTokens + 1, characters: characters + 1 })
        return more > cost
      }),
    )
  })

  it('refuses counts that cannot be', () => {
    for (const promptTokens of [-1, 0.5, NaN, Infinity]) expect(() => costMicros({ feature: 'chat', ...nothing, promptTokens })).toThrow(RangeError)
  })
})
