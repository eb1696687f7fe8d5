import { describe, expect, it } from 'vitest'

import { monthOf, presets, queryOf, rangeOf } from './date-range'

const now = new Date('2026-01-31T23:30:00Z')

describe('a range of days', () => {
  it('includes the last day that is named, and comes back as it was asked for', () => {
    const asked = { from: '2026-01-05', to: '2026-01-05' }
    const range = rangeOf(asked, now)
    expect(range).toEqual({ from: new Date('2026-01-05T00:00:00Z'), to: new Date('2026-01-06T00:00:00Z') })
    expect(queryOf(range)).toEqual(asked)
  })

  it.each([{}, { from: '2026-01-05' }, { from: 'x', to: '2026-01-06' }, { from: '2026-01-07', to: '2026-01-05' }, { from: '2020-01-01', to: '2026-01-01' }])(
    'is the current month where %j is asked for',
    (asked) => {
      expect(rangeOf(asked, now)).toEqual(monthOf(now, 0))
    },
  )

  it('goes by calendar months, over the turn of the year too', () => {
    expect(queryOf(monthOf(now, 0))).toEqual({ from: '2026-01-01', to: '2026-01-31' })
    expect(queryOf(monthOf(now, -1))).toEqual({ from: '2025-12-01', to: '2025-12-31' })
    expect(presets(now).map(({ name, range }) => [name, queryOf(range).from, queryOf(range).to])).toContainEqual(['30 days', '2026-01-02', '2026-01-31'])
  })
})
