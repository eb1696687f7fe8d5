import { beforeAll, describe, expect } from 'vitest'
import { startBackend } from '@/workers/model/backend'
import { describeBatches, describeMemory } from '@/workers/model/testing/batch-guarantees'
import { referenceCheckpoints } from '@/workers/model/testing/expected-values'
import { describeCheckpoint } from '@/workers/model/testing/reference-guarantees'

/** What must hold on every backend; one test file for each, since a process computes on one. */
export function describeModelOn(backend: 'tensorflow' | 'wasm'): void {
  describe(`GPT-2 on ${backend}`, () => {
    beforeAll(async () => {
      const started = await startBackend(backend)
      expect(started.name).toBe(backend)
    })
    for (const checkpoint of referenceCheckpoints()) describeCheckpoint(checkpoint)
    describeBatches()
    describeMemory()
  })
}
