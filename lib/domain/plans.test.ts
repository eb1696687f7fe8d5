import { describe, expect, it } from 'vitest'
import { PLAN_NAMES, PLANS, planSchema, type PlanLimits } from './plans'

const order = (limit: number | null) => limit ?? Infinity

describe('plans', () => {
  it('never give less for a larger plan', () => {
    const names: (keyof PlanLimits)[] = ['monthlyTokens', 'monthlyCharacters', 'outputTokens', 'maxChoices', 'bodyBytes', 'promptTokens', 'keyRequestsPerMinute', 'requestsPerMinute', 'tokensPerMinute']
    for (const name of names) {
      const limits = PLAN_NAMES.map((plan) => order(PLANS[plan][name]))
      expect(limits, name).toEqual([...limits].sort((a, b) => a - b))
    }
  })

  it('leave every plan able to make a request', () => {
    for (const plan of PLAN_NAMES) {
      expect(PLANS[plan].outputTokens).toBeGreaterThan(0)
      expect(PLANS[plan].maxChoices).toBeGreaterThanOrEqual(5)
    }
  })

  it('refuse a name that is no plan', () => {
    expect(planSchema.safeParse('platinum').success).toBe(false)
    expect(planSchema.safeParse('pro').success).toBe(true)
  })
})
