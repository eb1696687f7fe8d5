import { describe, expect, it } from 'vitest'

import { daysOfMonth, totalsBy } from './usage-sums'

const row = (day: string, feature: string, tokens: number) => ({
  day: new Date(`${day}T00:00:00Z`),
  feature,
  promptTokens: tokens,
  completionTokens: 1,
  characters: 2,
  requests: 1,
})

describe('totalsBy', () => {
  it('adds up every row once, the largest first', () => {
    const rows = [row('2030-02-01', 'chat', 1), row('2030-02-01', 'translate', 50), row('2030-02-03', 'chat', 4)]
    expect(totalsBy(rows, ({ feature }) => feature)).toEqual([
      { name: 'translate', promptTokens: 50, completionTokens: 1, characters: 2, requests: 1 },
      { name: 'chat', promptTokens: 5, completionTokens: 2, characters: 4, requests: 2 },
    ])
  })
})

describe('daysOfMonth', () => {
  it('has every day of the month, and the sums of the rows on it', () => {
    const rows = [row('2030-02-01', 'chat', 1), row('2030-02-28', 'chat', 7), row('2030-02-28', 'write', 8)]
    const days = daysOfMonth(rows, new Date('2030-02-01T00:00:00Z'), new Date('2030-03-01T00:00:00Z'))
    expect(days).toHaveLength(28)
    expect(days[0]).toMatchObject({ day: '2030-02-01', promptTokens: 1 })
    expect(days[1]).toMatchObject({ day: '2030-02-02', promptTokens: 0, requests: 0 })
    expect(days[27]).toMatchObject({ day: '2030-02-28', promptTokens: 15, requests: 2 })
  })
})
