import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kthLargest, largestIds } from '@/workers/model/largest'

const values = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, 1, -Infinity)), { minLength: 1, maxLength: 40 })

test('the k-th largest is what sorting finds', () => {
  fc.assert(fc.property(values, fc.nat(39), (list, seed) => {
    const k = 1 + (seed % list.length)
    const sorted = Float32Array.from(list).sort().reverse()
    // Adding 0 makes one of 0 and -0, which are the same logit.
    expect(kthLargest(Float32Array.from(list), k) + 0).toBe((sorted[k - 1] ?? NaN) + 0)
  }))
})

test('the largest ids come by falling value, and by rising id where values are equal', () => {
  expect(largestIds(Float32Array.of(1, 3, 2, 3, -Infinity), 3)).toEqual([1, 3, 2])
  expect(largestIds(Float32Array.of(1, 1, 1), 2)).toEqual([0, 1])
  expect(largestIds(Float32Array.of(5), 3)).toEqual([0])
  expect(largestIds(Float32Array.of(5), 0)).toEqual([])
})
