import { expect } from 'vitest'
import type { Gpt2 } from '@/workers/model/gpt2'
import { KvCache } from '@/workers/model/kv-cache'

/** Of logits and log-probabilities on a float32 backend. */
export const TOLERANCE = 1e-3

export function largestDifference(actual: Float32Array, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  return actual.reduce((most, value, index) => {
    const difference = Math.abs(value - (expected[index] ?? NaN))
    return Number.isNaN(difference) ? Infinity : Math.max(most, difference)
  }, 0)
}

/** Row `index` of a row-major matrix with `rows` rows. */
export function rowOf(matrix: Float32Array, index: number, rows: number): Float32Array {
  const width = matrix.length / rows
  return matrix.subarray(index * width, (index + 1) * width)
}

export function argmax(logits: Float32Array): number {
  return logits.indexOf(Math.max(...logits))
}

/** Logits of every token of a row, read at once into a cache that is then dropped. */
export function logitsAlone(model: Gpt2, ids: readonly number[]): Float32Array {
  const cache = KvCache.empty(model.config, 1)
  try {
    return model.prefill(ids, cache, { allLogits: true })
  } finally {
    cache.dispose()
  }
}

/** Logits after the last token, and the cache. */
export function start(model: Gpt2, ids: readonly number[]): { logits: Float32Array; cache: KvCache } {
  const cache = KvCache.empty(model.config, 1)
  return { logits: model.prefill(ids, cache), cache }
}
