import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitsOf, outputBudget, periodOf } from './quota'

describe('outputBudget', () => {
  const base = { requested: null, promptTokens: 10, positions: 64, outputTokens: 1024, choices: 1, remainingTokens: null }

  it('fills the rest of the context where nothing else limits it', () => {
    expect(outputBudget(base)).toBe(54)
  })

  it('takes the least of request, context, plan and quota', () => {
    expect(outputBudget({ ...base, requested: 7 })).toBe(7)
    expect(outputBudget({ ...base, requested: 60 })).toBe(54)
    expect(outputBudget({ ...base, outputTokens: 5 })).toBe(5)
    expect(outputBudget({ ...base, remainingTokens: 30 })).toBe(20)
    expect(outputBudget({ ...base, remainingTokens: 31, choices: 5 })).toBe(4)
  })

  it('is 0 where the prompt alone fills the context or the quota', () => {
    expect(outputBudget({ ...base, promptTokens: 64 })).toBe(0)
    expect(outputBudget({ ...base, promptTokens: 80 })).toBe(0)
    expect(outputBudget({ ...base, remainingTokens: 10 })).toBe(0)
    expect(outputBudget({ ...base, remainingTokens: 3 })).toBe(0)
  })

  it('never lets all choices together pass the quota', () => {
    const natural = fc.nat({ max: 5000 })
    fc.assert(
      fc.property(natural, natural, natural, fc.integer({ min: 1, max: 128 }), (promptTokens, positions, remainingTokens, choices) => {
        const budget = outputBudget({ requested: null, promptTokens, positions, outputTokens: 1024, choices, remainingTokens })
        return Number.isInteger(budget) && budget >= 0 && (budget === 0 || promptTokens + budget * choices <= remainingTokens)
      }),
    )
  })
})

describe('periodOf', () => {
  it('turns at midnight UTC of the first', () => {
    expect(periodOf(new Date('2026-12-31T23:59:59.999Z')).start).toEqual(new Date('2026-12-01T00:00:00Z'))
    expect(periodOf(new Date('2026-12-31T23:59:59.999Z')).end).toEqual(new Date('2027-01-01T00:00:00Z'))
    expect(periodOf(new Date('2027-01-01T00:00:00Z')).start).toEqual(new Date('2027-01-01T00:00:00Z'))
  })
})

describe('limitsOf', () => {
  it('prefers what was agreed with the organisation, 0 included', () => {
    expect(limitsOf({ plan: 'enterprise', tokenQuota: 0, characterQuota: null })).toEqual({ tokens: 0, characters: null })
    expect(limitsOf({ plan: 'free', tokenQuota: null, characterQuota: 7 }).characters).toBe(7)
    expect(limitsOf({ plan: 'free', tokenQuota: null, characterQuota: null }).tokens).toBe(1_000_000)
  })
})
