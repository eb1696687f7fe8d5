import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { workerError } from '@/lib/contract/worker'
import type { TokenLogprob, WorkerCompletionInput, WorkerHealth } from '@/lib/contract/worker'
import { EngineClient } from '@/lib/engine-client/engine-client'
import { referenceCheckpoints } from '@/workers/model/testing/expected-values'
import { ServeProcess, breakWeights, makeDataFolder, mendWeights, removeFolder } from '@/workers/testing/serve-process'

const TOKEN = 'a-token-for-tests'
const references = referenceCheckpoints()
const reference = references.find(({ name }) => name === 'a-plain')
if (reference === undefined) throw new Error('a-plain is missing')
const [prompt = []] = reference.expected.inputs.rows

interface Completed {
  ids: number[][]
  text: string[]
  logprobs: TokenLogprob[]
  promptLogprobs: TokenLogprob[]
  reasons: (string | null)[]
}

async function complete(client: EngineClient, input: Partial<WorkerCompletionInput>, signal = new AbortController().signal): Promise<Completed> {
  const n = input.n ?? 1
  const done: Completed = {
    ids: Array.from({ length: n }, () => []),
    text: new Array<string>(n).fill(''),
    logprobs: [],
    promptLogprobs: [],
    reasons: new Array<null>(n).fill(null),
  }
  const request = { request_id: 'test', model: 'a-plain', prompt, max_tokens: 4, temperature: 0, ...input }
  for await (const event of client.complete(request, signal)) {
    done.promptLogprobs.push(...(event.prompt_logprobs ?? []))
    for (const choice of event.choices) {
      done.ids[choice.index]?.push(...choice.token_ids)
      done.text[choice.index] = (done.text[choice.index] ?? '') + choice.text
      done.logprobs.push(...(choice.logprobs ?? []))
      done.reasons[choice.index] = choice.finish_reason
    }
  }
  return done
}

async function healthWhen(client: EngineClient, ready: (health: WorkerHealth) => boolean): Promise<WorkerHealth> {
  for (;;) {
    const health = await client.health()
    if (ready(health)) return health
    await delay(20)
  }
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
  if (error instanceof AppError) return error
  throw new Error('It did not fail as it should have.', { cause: error })
}

const idle = (health: WorkerHealth): boolean => health.running === 0 && health.waiting === 0

let dataDir: string
beforeAll(() => {
  dataDir = makeDataFolder()
})
afterAll(() => removeFolder(dataDir))

function start(environment: Record<string, string> = {}): Promise<ServeProcess> {
  return ServeProcess.start({ PARLEY_BACKEND: 'wasm', PARLEY_DATA: dataDir, PARLEY_MODEL: 'a-plain', WORKER_TOKEN: TOKEN, ...environment })
}

// Processes are slow to start on a busy machine.
const patience = { timeout: 240_000 }

describe.each(['wasm', 'tensorflow'] as const)('the serve worker on %s', patience, (backend) => {
  let worker: ServeProcess
  let client: EngineClient

  beforeAll(async () => {
    worker = await start({ PARLEY_BACKEND: backend })
    client = new EngineClient({ url: worker.url, token: TOKEN })
    await healthWhen(client, (health) => health.status === 'ok')
  })
  afterAll(async () => {
    await client.close()
    expect(await worker.stop()).toBe(0)
  })

  it('says what it runs on and what it has loaded', async () => {
    const health = await client.health()
    expect(health).toMatchObject({ backend, model: 'a-plain', loaded: [{ name: 'a-plain' }], running: 0, waiting: 0, error: null, fallback_reason: null })
    expect(health.tensorflow === null).toBe(backend === 'wasm')
  })

  it('counts what it does', async () => {
    const before = (await healthWhen(client, idle)).activity
    await complete(client, { max_tokens: 3, temperature: 0 })
    const after = (await healthWhen(client, idle)).activity
    expect(after).toMatchObject({ started_at: before?.started_at, prompt_tokens: (before?.prompt_tokens ?? 0) + prompt.length, max_running: 128 })
    expect((after?.sampled_tokens ?? 0) - (before?.sampled_tokens ?? 0)).toBe(3)
    expect(after?.memory_bytes).toBeGreaterThan(10_000_000)
  })

  it('gives concurrent requests to several checkpoints the greedy tokens of the reference', async () => {
    const answers = await Promise.all(
      references.flatMap(({ name, config, expected }) =>
        expected.inputs.rows.map(async (row, index) => {
          const wanted = expected.greedy.continuations[index] ?? []
          const ended = config.eosTokenIds.includes(wanted.at(-1) ?? -1)
          const { ids, reasons } = await complete(client, { model: name, prompt: row, max_tokens: 20 })
          return { name, index, got: [ids, reasons], wanted: [[ended ? wanted.slice(0, -1) : wanted], [ended ? 'stop' : 'length']] }
        }),
      ),
    )
    for (const { name, index, got, wanted } of answers) expect({ name, index, got }).toEqual({ name, index, got: wanted })
  })

  it('gives the log-probabilities of the reference, of a given text and of what it says', async () => {
    for (const { name, expected } of references) {
      const { prompt: start, continuation, token_logprobs, top5_first_step } = expected.logprobs
      const given = await complete(client, { model: name, prompt: [...start, ...continuation], max_tokens: 0, prompt_logprobs: true, logprobs: 5 })
      const of = given.promptLogprobs.slice(start.length)
      expect(of.map((entry) => entry.id)).toEqual(continuation)
      for (const [index, entry] of of.entries()) expect(Math.abs((entry.logprob ?? 0) - (token_logprobs[index] ?? 0))).toBeLessThan(1e-3)
      expect(of[0]?.top.map((entry) => entry.id)).toEqual(top5_first_step.ids)
      const others = (expected.logits.full[0]?.values ?? []).map((_, id) => id).filter((id) => id !== continuation[0])
      const logit_bias = Object.fromEntries(others.map((id) => [String(id), -100]))
      const said = await complete(client, { model: name, prompt: start, max_tokens: 1, logprobs: 5, logit_bias })
      expect(Math.abs((said.logprobs[0]?.logprob ?? 0) - (token_logprobs[0] ?? 0))).toBeLessThan(1e-3)
    }
  })

  it('says the same whoever else is there, and wherever it resumes', async () => {
    const asked = { temperature: 1, seed: 11, n: 3, max_tokens: 12, top_p: 0.9 }
    const alone = await complete(client, asked)
    const others = Array.from({ length: 8 }, (_, seed) => complete(client, { temperature: 1, seed, max_tokens: 5 + seed }))
    expect(await complete(client, asked)).toEqual(alone)
    await Promise.all(others)
    const resumed = await complete(client, { ...asked, resume: alone.ids.map((ids) => ids.slice(0, 5)) })
    expect(resumed.ids).toEqual(alone.ids.map((ids) => ids.slice(5)))
  })

  it('ends the work when its client has gone', async () => {
    const aborter = new AbortController()
    const stream = client.complete({ request_id: 'leaver', model: 'long', prompt: [1], n: 64, max_tokens: 19_000 }, aborter.signal)
    await stream.next()
    await healthWhen(client, (health) => health.running === 64)
    aborter.abort()
    await expect(stream.next()).rejects.toMatchObject({ name: 'AbortError' })
    await healthWhen(client, idle)
  })

  it('names a corrupt checkpoint and one that is not there, and serves the others meanwhile', async () => {
    const going = complete(client, { max_tokens: 20 })
    const broken = await failureOf(complete(client, { model: 'broken' }))
    expect(broken.code).toBe('model_unavailable')
    expect(broken.message).toMatch(/"broken".*model\.safetensors/)
    expect((await failureOf(complete(client, { model: 'nowhere' }))).code).toBe('model_not_found')
    expect((await going).ids[0]).toEqual(reference.expected.greedy.continuations[0]?.slice(0, -1))
  })

  it('serves a checkpoint again once its folder was put right', async () => {
    mendWeights(dataDir)
    expect((await complete(client, { model: 'broken', prompt: [5, 6] })).reasons).not.toContain(null)
    breakWeights(dataDir)
    expect((await failureOf(complete(client, { model: 'broken', prompt: [5, 6] }))).code).toBe('model_unavailable')
  })

  it('keeps no tensor of a thousand requests, cancelled ones among them', async () => {
    const before = (await healthWhen(client, idle)).tensors
    const one = async (seed: number): Promise<void> => {
      const aborter = new AbortController()
      const request = { request_id: String(seed), model: 'a-plain', prompt, n: 1 + (seed % 3), max_tokens: 1 + (seed % 5), seed, prompt_logprobs: seed % 7 === 0 }
      const stream = client.complete(request, aborter.signal)
      try {
        for await (const event of stream) if (seed % 10 === 0 && event.choices.length > 0) aborter.abort()
      } catch (error) {
        if (!aborter.signal.aborted) throw error
      }
    }
    const lanes = Array.from({ length: 20 }, async (_, lane) => {
      for (let request = 0; request < 50; request++) await one(lane * 50 + request)
    })
    await Promise.all(lanes)
    expect((await healthWhen(client, idle)).tensors).toBe(before)
  })
})

describe('the serve worker', patience, () => {
  it('answers what it cannot take with the reason and a status', async () => {
    const worker = await start()
    const post = async (body: string, token = TOKEN) => {
      const response = await fetch(`${worker.url}/v1/completions`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } })
      return [response.status, workerError.parse(await response.json()).error.code]
    }
    const valid = { request_id: 'r', model: 'a-plain', prompt, max_tokens: 1 }
    expect(await post('{')).toEqual([400, 'invalid_request'])
    expect(await post(JSON.stringify({ ...valid, temperature: 3 }))).toEqual([400, 'invalid_request'])
    expect(await post(JSON.stringify({ ...valid, prompt: [] }))).toEqual([400, 'invalid_request'])
    expect(await post(JSON.stringify({ ...valid, prompt: [512] }))).toEqual([400, 'invalid_request'])
    expect(await post(JSON.stringify({ ...valid, stop: ['\ud83d'] }))).toEqual([400, 'invalid_request'])
    expect(await post(JSON.stringify(valid), 'wrong')).toEqual([401, 'unauthenticated'])
    expect(await post(JSON.stringify({ ...valid, user: 'x'.repeat(5 * 2 ** 20) }))).toEqual([413, 'invalid_request'])
    expect((await fetch(`${worker.url}/nowhere`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404)
    const listed = await fetch(`${worker.url}/v1/models`, { headers: { authorization: `Bearer ${TOKEN}` } })
    expect(JSON.stringify(await listed.json())).toContain('"id":"a-plain"')
    expect(await worker.stop()).toBe(0)
  })

  it('finishes what is running when it is told to stop, or ends it as cancelled, and logs no prompt', async () => {
    const worker = await start()
    const client = new EngineClient({ url: worker.url, token: TOKEN })
    const stream = client.complete({ request_id: 'long-one', model: 'long', prompt: [1, 2, 3], max_tokens: 19_000 }, new AbortController().signal)
    await stream.next()
    const short = client.complete({ request_id: 'short-one', model: 'a-plain', prompt, max_tokens: 20, temperature: 0 }, new AbortController().signal)
    await short.next()
    worker.child.kill('SIGTERM')
    const rest: number[] = []
    for await (const event of short) rest.push(...(event.choices[0]?.token_ids ?? []))
    expect(rest).toHaveLength(4)
    let last: string | null = null
    for await (const event of stream) last = event.choices[0]?.finish_reason ?? null
    expect(last).toBe('cancelled')
    expect(await worker.exited).toBe(0)
    await expect(client.health()).rejects.toMatchObject({ code: 'engine_unavailable' })
    expect(worker.log).toContain('"request":"long-one"')
    expect(worker.log).not.toMatch(/"prompt"/)
    await client.close()
  })

  it('ends when its supervisor has gone', async () => {
    const worker = await start({ PARLEY_SUPERVISED: '1' })
    worker.child.stdin.end()
    expect(await worker.exited).toBe(0)
  })

  it('says that its default model is broken, and serves the others', async () => {
    const worker = await start({ PARLEY_MODEL: 'broken' })
    const client = new EngineClient({ url: worker.url, token: TOKEN })
    const health = await healthWhen(client, ({ status }) => status !== 'starting')
    expect(health).toMatchObject({ status: 'failed', model: 'broken' })
    expect(health.error).toContain('model.safetensors')
    expect((await complete(client, {})).ids[0]).toHaveLength(4)
    await client.close()
    await worker.stop()
  })

  it('does not start open to the network without a token', async () => {
    await expect(start({ WORKER_HOST: '0.0.0.0', WORKER_TOKEN: '' })).rejects.toThrow(/WORKER_TOKEN/)
  })

  it('names a port that is taken', async () => {
    const worker = await start()
    await expect(start({ WORKER_PORT: new URL(worker.url).port })).rejects.toThrow(/EADDRINUSE.*WORKER_PORT/)
    await worker.stop()
  })

  it('that is not there, or has another token, is unavailable to the app', async () => {
    const worker = await start()
    const stranger = new EngineClient({ url: worker.url, token: 'another' })
    expect((await failureOf(complete(stranger, {}))).message).toContain('WORKER_TOKEN')
    await worker.stop()
    await expect(complete(stranger, {})).rejects.toThrow(new AppError('engine_unavailable', 'The worker cannot be reached.'))
    await stranger.close()
  })
})
