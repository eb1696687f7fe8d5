import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AppError } from '@/lib/contract/errors'
import { workerCompletionRequest } from '@/lib/contract/worker'
import { makeDataFolder, removeFolder } from '@/workers/testing/serve-process'
import type { ThreadOptions } from './messages'
import { EngineThread } from './thread-client'

function options(dataDir: string): ThreadOptions {
  return {
    backend: 'wasm',
    fallbackReason: null,
    dataDir,
    bundledDir: path.join(dataDir, 'none'),
    defaultModel: 'a-plain',
    modelBytes: 2 ** 30,
    cacheBytes: 2 ** 30,
    logLevel: 'silent',
  }
}

describe('the engine thread', { timeout: 120_000 }, () => {
  it('that dies fails the requests it had, and says so', async () => {
    const dataDir = makeDataFolder()
    try {
      let reportDeath: (error: Error) => void = () => undefined
      const died = new Promise<Error>((resolve) => {
        reportDeath = resolve
      })
      const thread = await EngineThread.start(options(dataDir), reportDeath)
      const request = workerCompletionRequest.parse({ request_id: 'r', model: 'long', prompt: [1], max_tokens: 10_000 })
      let failure: AppError | null = null
      const listener = { accepted: () => undefined, event: () => undefined, end: () => undefined }
      await new Promise<void>((resolve) => {
        thread.submit(request, { ...listener, accepted: resolve, fail: (error) => (failure = error) })
      })
      // What no HTTP request can carry: the thread takes it for a broken caller and ends.
      thread.submit({ ...request, n: 0 }, { ...listener, fail: () => undefined })
      expect((await died).message).toContain('too_small')
      expect(failure).toMatchObject({ code: 'internal_error' })
      expect(thread.busy).toBe(false)
    } finally {
      removeFolder(dataDir)
    }
  })
})
