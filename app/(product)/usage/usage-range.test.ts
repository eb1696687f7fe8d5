import { describe, expect, it } from 'vitest'

import { usageRange } from './usage-range'

const NOW = new Date('2028-02-29T23:59:59Z')

function span(params: Parameters<typeof usageRange>[0]) {
  const { choice, from, to, lastDay, step, month } = usageRange(params, NOW)
  return [choice, from.toISOString().slice(0, 10), to.toISOString().slice(0, 10), lastDay, step, month]
}

describe('usageRange', () => {
  it.each([
    [{}, ['month', '2028-02-01', '2028-03-01', '2028-02-29', 'day', '2028-02']],
    [{ range: 'last-month' }, ['last-month', '2028-01-01', '2028-02-01', '2028-01-31', 'day', '2028-01']],
    [{ range: '7d' }, ['7d', '2028-02-23', '2028-03-01', '2028-02-29', 'day', null]],
    [{ range: 'year' }, ['year', '2028-01-01', '2029-01-01', '2028-12-31', 'month', null]],
    [{ from: '2027-12-01', to: '2027-12-31' }, ['custom', '2027-12-01', '2028-01-01', '2027-12-31', 'day', '2027-12']],
    [{ from: '2027-12-05', to: '2027-12-05' }, ['custom', '2027-12-05', '2027-12-06', '2027-12-05', 'day', null]],
  ])('%j', (params, expected) => {
    expect(span(params)).toEqual(expected)
  })

  it.each([{ from: '2028-02-10', to: '2028-02-09' }, { from: '2028-02-30', to: '2028-03-09' }, { from: '2028-01-01' }, { range: 'ever' }])('takes %j for this month', (params) => {
    expect(span(params)[0]).toBe('month')
  })

  it('shows a year at most', () => {
    expect(span({ from: '2000-01-01', to: '2027-12-31' })).toEqual(['custom', '2026-12-31', '2028-01-01', '2027-12-31', 'month', null])
  })
})
