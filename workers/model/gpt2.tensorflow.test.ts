import { expect, test } from 'vitest'
import { startBackend } from '@/workers/model/backend'
import { describeModelOn } from '@/workers/model/testing/model-guarantees'

describeModelOn('tensorflow')

test('auto takes TensorFlow where it loads, and tells its version', async () => {
  const version: unknown = expect.stringMatching(/^2\.\d+\.\d+/)
  expect(await startBackend('auto')).toMatchObject({ name: 'tensorflow', tensorflow: version, fallbackReason: null })
})
