import { describe, expect, it } from 'vitest'

import { pointsOf, rowsBy, totalOf } from './usage-sums'

const row = (day: string, feature: string, tokens: number) => ({
  time: new Date(`${day}T00:00:00Z`),
  feature,
  promptTokens: tokens,
  completionTokens: 1,
  characters: 2,
  trainingTokens: 3,
  costMicros: BigInt(tokens) * 10n,
  requests: 1,
})

describe('rowsBy', () => {
  it('adds up every row once, the dearest first', () => {
    const rows = [row('2030-02-01', 'chat', 1), row('2030-02-01', 'translate', 50), row('2030-02-03', 'chat', 4)]
    expect(rowsBy(rows, ({ feature }) => feature, 10)).toEqual([
      { name: 'translate', tokens: 54, characters: 2, requests: 1, cost: 500 },
      { name: 'chat', tokens: 13, characters: 4, requests: 2, cost: 50 },
    ])
  })

  it('keeps the sum whole where not every row is shown', () => {
    const rows = Array.from({ length: 30 }, (_, index) => row('2030-02-01', `key ${index}`, index))
    const shown = rowsBy(rows, ({ feature }) => feature, 5)
    expect(shown.map(({ name }) => name)).toEqual(['key 29', 'key 28', 'key 27', 'key 26', 'key 25', '25 others'])
    expect(shown.reduce((sum, { cost }) => sum + cost, 0)).toBe(totalOf(rows).cost)
  })
})

describe('pointsOf', () => {
  it('has every day, and the sums of the rows on it', () => {
    const rows = [row('2030-02-01', 'chat', 1), row('2030-02-28', 'chat', 7), row('2030-02-28', 'write', 8)]
    const days = pointsOf(rows, { from: new Date('2030-02-01T00:00:00Z'), to: new Date('2030-03-01T00:00:00Z'), step: 'day' })
    expect(days).toHaveLength(28)
    expect(days[0]).toMatchObject({ day: '2030-02-01', tokens: 5 })
    expect(days[1]).toMatchObject({ day: '2030-02-02', tokens: 0, requests: 0 })
    expect(days[27]).toMatchObject({ day: '2030-02-28', tokens: 23, requests: 2 })
  })

  it('has every month that the range touches', () => {
    const months = pointsOf([row('2030-02-01', 'chat', 1)], { from: new Date('2029-12-15T00:00:00Z'), to: new Date('2030-03-02T00:00:00Z'), step: 'month' })
    expect(months.map(({ day, requests }) => [day, requests])).toEqual([['2029-12-01', 0], ['2030-01-01', 0], ['2030-02-01', 1], ['2030-03-01', 0]])
  })
})
