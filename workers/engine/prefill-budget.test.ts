import { describe, expect, it } from 'vitest'
import { PrefillBudget } from './prefill-budget'

describe('the prefill budget', () => {
  it('settles at what the machine reads in the time that a step may take', () => {
    const budget = new PrefillBudget(80)
    for (let step = 0; step < 10; step++) budget.observe(budget.tokens, budget.tokens * 0.5)
    expect(budget.tokens).toBe(160)
  })

  it('stays within bounds, however slow or fast the machine', () => {
    const slow = new PrefillBudget(80)
    slow.observe(64, 60_000)
    expect(slow.tokens).toBe(16)
    const fast = new PrefillBudget(80)
    for (let step = 0; step < 10; step++) fast.observe(fast.tokens, 0)
    expect(fast.tokens).toBe(512)
  })

  it('learns nothing from a few tokens', () => {
    const budget = new PrefillBudget(80)
    budget.observe(2, 60_000)
    expect(budget.tokens).toBe(64)
  })
})
