import { expect, test } from 'vitest'
import { withoutTrailingLoop } from './repetition'

test.each([
  [[1, 2, 3, 3, 3, 3], [1, 2, 3]],
  [[9, 1, 2, 1, 2, 1, 2], [9, 1, 2]],
  [[9, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2], [9, 1, 2, 3]],
  [[5, 5, 5], [5]],
])('%j is cut to %j', (ids, expected) => {
  expect(withoutTrailingLoop(ids)).toEqual(expected)
})

test.each([[[]], [[1]], [[1, 1]], [[1, 2, 1, 2]], [[1, 2, 3, 4]]])('%j is left alone', (ids) => {
  expect(withoutTrailingLoop(ids)).toEqual(ids)
})
