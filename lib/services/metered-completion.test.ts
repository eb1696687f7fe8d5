import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCheckpoint, type Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionEvent, WorkerCompletionInput } from '@/lib/contract/worker'
import { placeHold, remainingQuota } from '@/lib/db/ledger'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { usageEvents } from '@/lib/db/usage'
import type { Caller } from './caller'
import { meteredCompletion, type MeteredRequest } from './metered-completion'
import type { Runtime } from './runtime'
import { TokenizerCache } from './tokenizer-cache'

useDatabase()

let checkpoint: Checkpoint
beforeAll(async () => {
  checkpoint = await readCheckpoint(path.join(import.meta.dirname, '../../models/parley-mini-0'), 'parley-mini-0')
})

const event = (tokenIds: number[], finishReason: 'stop' | 'length' | 'cancelled' | null = null): WorkerCompletionEvent => ({
  choices: [{ index: 0, token_ids: tokenIds, text: 'x', logprobs: null, finish_reason: finishReason }],
})

/** A worker that does what real ones do only when they die: it says these events, then throws. */
function dyingWorker(events: WorkerCompletionEvent[], error: Error | null): { runtime: Runtime; seen: WorkerCompletionInput[] } {
  const seen: WorkerCompletionInput[] = []
  const engine: Runtime['engine'] = {
    async *complete(input) {
      seen.push(input)
      await Promise.resolve()
      yield* events
      if (error !== null) throw error
    },
  }
  return { runtime: { engine, tokenizers: new TokenizerCache() }, seen }
}

async function makeCaller(tokenQuota = 1000): Promise<Caller> {
  const { orgId, userId } = await makeTenant({ tokenQuota })
  return { requestId: crypto.randomUUID(), orgId, userId, keyId: null, plan: 'free' }
}

const request = (more: Partial<MeteredRequest> = {}): MeteredRequest => ({ checkpoint, feature: 'chat', prompt: [1, 2, 3], maxTokens: 10, ...more })

async function run(runtime: Runtime, caller: Caller, more: Partial<MeteredRequest> = {}) {
  const events = meteredCompletion(runtime, caller, request(more), new AbortController().signal)
  let step = await events.next()
  while (step.done !== true) step = await events.next()
  return step.value
}

async function billed(orgId: string) {
  const rows: [number, number][] = []
  for await (const { promptTokens, completionTokens } of usageEvents(orgId, new Date(0), new Date(Date.now() + 60_000))) rows.push([promptTokens, completionTokens])
  return rows
}

describe('a worker that dies', () => {
  const gone = new AppError('engine_unavailable', 'gone')

  test('half-way is paid for what it had sent, and the rest of the hold is free again', async () => {
    const caller = await makeCaller()
    await expect(run(dyingWorker([event([4, 5])], gone).runtime, caller)).rejects.toBe(gone)
    expect(await billed(caller.orgId)).toEqual([[3, 2]])
    expect((await remainingQuota(caller.orgId)).tokens).toBe(995)
  })

  test('before its first token costs nothing', async () => {
    const caller = await makeCaller()
    await expect(run(dyingWorker([], gone).runtime, caller)).rejects.toBe(gone)
    expect(await billed(caller.orgId)).toEqual([])
    expect((await remainingQuota(caller.orgId)).tokens).toBe(1000)
  })

  test('in good order is told from an answer that ended', async () => {
    const caller = await makeCaller()
    await expect(run(dyingWorker([event([4]), event([], 'cancelled')], null).runtime, caller)).rejects.toMatchObject({ code: 'engine_unavailable' })
    expect(await billed(caller.orgId)).toEqual([[3, 1]])
  })
})

test('an answer taken over from another process is one event, its delivered tokens counted once', async () => {
  const caller = await makeCaller()
  await placeHold(caller.orgId, { ...caller, model: checkpoint.name, feature: 'chat', tokens: 13, characters: 0, ttlSeconds: 60 })
  const { runtime, seen } = dyingWorker([event([8, 9], 'stop')], null)
  expect(await run(runtime, caller, { resume: [[6, 7]] })).toEqual({ promptTokens: 3, completionTokens: 4 })
  expect(seen[0]).toMatchObject({ request_id: caller.requestId, resume: [[6, 7]] })
  expect(await billed(caller.orgId)).toEqual([[3, 4]])
  expect((await remainingQuota(caller.orgId)).tokens).toBe(993)
})

test('an omitted limit means the least of context, plan and quota, shared by the choices', async () => {
  const limitOf = async (tokenQuota: number, n: number) => {
    const { runtime, seen } = dyingWorker([event([], 'stop')], null)
    await run(runtime, await makeCaller(tokenQuota), { maxTokens: null, n })
    return seen[0]?.max_tokens
  }
  expect(await limitOf(1000, 1)).toBe(125)
  expect(await limitOf(103, 1)).toBe(100)
  expect(await limitOf(103, 4)).toBe(25)
  await expect(limitOf(3, 1)).rejects.toMatchObject({ code: 'insufficient_quota' })
})
