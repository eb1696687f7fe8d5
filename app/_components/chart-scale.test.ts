import { expect, it } from 'vitest'

import { roundTop } from './chart-scale'

it.each([
  [0, 10],
  [10, 10],
  [11, 20],
  [200, 200],
  [201, 500],
  [999_999, 1_000_000],
])('a chart up to %d is drawn to %d', (largest, top) => {
  expect(roundTop(largest)).toBe(top)
})
