import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completionChunk, completionResponse, openaiError, type CompletionResponse } from '@/lib/contract/openai'
import { remainingQuota } from '@/lib/db/ledger'
import { useDatabase } from '@/lib/db/testing/database'
import { callRoute, eventsOf, makeKey, sseData, useWorker, type TestTenant } from '@/lib/http/testing/api-client'
import { referenceCheckpoints } from '@/workers/model/testing/expected-values'
import { makeDataFolder, removeFolder, ServeProcess } from '@/workers/testing/serve-process'
import * as routes from './route'

useDatabase()

const MODEL = 'parley-mini-0'
const TOKEN = 'a-token-for-tests'
const dataDir = makeDataFolder()
let worker: ServeProcess
let tenant: TestTenant

beforeAll(async () => {
  worker = await ServeProcess.start({ PARLEY_BACKEND: 'wasm', PARLEY_DATA: dataDir, WORKER_TOKEN: TOKEN })
  useWorker({ WORKER_URL: worker.url, WORKER_TOKEN: TOKEN, PARLEY_DATA: dataDir })
  tenant = await makeKey()
})
afterAll(async () => {
  await worker.stop()
  removeFolder(dataDir)
})

const call = (body: object, key = tenant.key, signal?: AbortSignal) => callRoute(routes, { path: '/v1/completions', key, body, ...(signal === undefined ? {} : { signal }) })

async function complete(body: object, key = tenant.key): Promise<CompletionResponse> {
  const response = await call({ model: MODEL, temperature: 0, ...body }, key)
  const json: unknown = await response.json()
  expect(json).not.toHaveProperty('error')
  return completionResponse.parse(json)
}

async function refusal(body: object, key = tenant.key) {
  const response = await call({ model: MODEL, ...body }, key)
  const { error } = openaiError.parse(await response.json())
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  return { status: response.status, code: error.code, param: error.param }
}

const FRAME = '<|en|>We agree with you.<|fr|>'

describe('an answer', () => {
  test('is the model going on with the prompt, special tokens and all', async () => {
    const { choices, usage, model, id } = await complete({ prompt: FRAME })
    expect(choices[0]?.text).toBe('Nous sommes en train de vous.')
    expect(choices[0]?.finish_reason).toBe('stop')
    expect(usage.completion_tokens).toBe(choices[0]?.token_ids.length)
    expect(model).toBe(MODEL)
    expect(id).toMatch(/^cmpl-/)
  })

  test('is the same for a text and for its token ids', async () => {
    const { choices: [byText] } = await complete({ prompt: FRAME, echo: true, logprobs: 0, max_tokens: 4 })
    const { choices: [byIds] } = await complete({ prompt: FRAME, max_tokens: 4 })
    expect(byText?.text).toBe(FRAME + (byIds?.text ?? ''))
  })

  test('of several prompts comes in their order, n choices each, with one usage event', async () => {
    const own = await makeKey()
    const body = { prompt: ['<|en|>Hello.<|fr|>', FRAME], n: 2, max_tokens: 8 }
    const { choices, usage } = await complete(body, own.key)
    const alone = await complete({ prompt: FRAME, max_tokens: 8 }, own.key)
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(choices[2]?.text).toBe(alone.choices[0]?.text)
    expect(choices[3]?.text).toBe(alone.choices[0]?.text)
    expect(usage.completion_tokens).toBe(choices.reduce((sum, { token_ids }) => sum + token_ids.length, 0))
    const events = await eventsOf(own.orgId)
    expect(events.map(({ promptTokens, completionTokens, feature, key }) => ({ promptTokens, completionTokens, feature, key }))).toEqual([
      { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens, feature: 'completion', key: own.keyId },
      { promptTokens: alone.usage.prompt_tokens, completionTokens: alone.usage.completion_tokens, feature: 'completion', key: own.keyId },
    ])
  })

  test('with a seed is repeated by it', async () => {
    const body = { prompt: 'I', temperature: 1, n: 3, max_tokens: 12, seed: 7 }
    const texts = async () => (await complete(body)).choices.map(({ text }) => text)
    const first = await texts()
    expect(await texts()).toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(1)
  })

  test('never holds a token that logit_bias forbids, end-of-text included', async () => {
    const { choices: [free] } = await complete({ prompt: FRAME, max_tokens: 20 })
    const [first = 0] = free?.token_ids ?? []
    const { choices: [bound] } = await complete({ prompt: FRAME, max_tokens: 20, logit_bias: { [first]: -100, 0: -100 } })
    expect(bound?.token_ids).not.toContain(first)
    expect(bound?.finish_reason).toBe('length')
    expect(bound?.token_ids).toHaveLength(20)
  })

  test('ends before a stop sequence', async () => {
    const { choices: [choice] } = await complete({ prompt: FRAME, stop: [' train de'] })
    expect(choice).toMatchObject({ text: 'Nous sommes en', finish_reason: 'stop' })
  })

  test('fills the context where max_tokens asks for more than is left', async () => {
    const { choices: [choice], usage } = await complete({ prompt: 'a', max_tokens: 10_000, logit_bias: { 0: -100 } })
    expect(choice?.finish_reason).toBe('length')
    expect(usage.total_tokens).toBe(128)
  })
})

describe('logprobs', () => {
  test('come in the legacy form, alike in all its lists, with the token itself among the alternatives', async () => {
    const { choices: [choice] } = await complete({ prompt: `<|en|>é🙂${FRAME}`, logprobs: 3, echo: true, max_tokens: 3 })
    const { tokens = [], token_logprobs = [], top_logprobs = [], text_offset = [] } = choice?.logprobs ?? {}
    const characters = Array.from(choice?.text ?? '')
    expect(token_logprobs[0]).toBeNull()
    expect(top_logprobs[0]).toBeNull()
    expect(new Set([tokens.length, token_logprobs.length, top_logprobs.length, text_offset.length]).size).toBe(1)
    tokens.slice(1).forEach((token, index) => expect(top_logprobs[index + 1]?.[token]).toBeCloseTo(token_logprobs[index + 1] ?? 0, 5))
    expect(characters.slice(text_offset.at(-1)).join('')).toBe(tokens.at(-1))
    expect(characters.slice(text_offset[tokens.indexOf('<|fr|>')], text_offset[tokens.indexOf('<|fr|>') + 1]).join('')).toBe('<|fr|>')
  })

  test('of a prompt alone need no generated token', async () => {
    const { choices: [choice], usage } = await complete({ prompt: FRAME, logprobs: 1, echo: true, max_tokens: 0 })
    expect(choice).toMatchObject({ text: FRAME, token_ids: [], finish_reason: 'length' })
    expect(choice?.logprobs?.tokens).toHaveLength(usage.prompt_tokens)
    expect(usage.completion_tokens).toBe(0)
  })
})

describe('a checkpoint without a tokenizer', () => {
  const reference = referenceCheckpoints().find(({ name }) => name === 'b-legacy')
  const [prompt = []] = reference?.expected.inputs.rows ?? []

  test('goes on from token ids as the reference implementation does', async () => {
    const { choices: [choice] } = await complete({ model: 'b-legacy', prompt: [prompt], max_tokens: 20, logprobs: 2 })
    const expected = reference?.expected.greedy.continuations[0] ?? []
    expect(choice?.token_ids).toEqual(expected.filter((id) => id !== 396))
    expect(choice?.text).toBe('')
    expect(choice?.logprobs?.tokens).toEqual(choice?.token_ids.map((id) => `token_id:${id}`))
    expect(Object.keys(choice?.logprobs?.top_logprobs[0] ?? {})[0]).toMatch(/^token_id:\d+$/)
  })

  test('refuses texts, and names the field', async () => {
    expect(await refusal({ model: 'b-legacy', prompt: 'Hello' })).toEqual({ status: 400, code: 'invalid_request', param: 'prompt' })
    expect(await refusal({ model: 'b-legacy', prompt, stop: 'x' })).toEqual({ status: 400, code: 'invalid_request', param: 'stop' })
  })
})

test('a stream says the same as the whole answer, and its usage equals the event', async () => {
  const own = await makeKey()
  const body = { prompt: ['I', FRAME], n: 2, temperature: 1, seed: 3, logprobs: 1, echo: true, max_tokens: 12 }
  const whole = await complete(body, own.key)
  const response = await call({ model: MODEL, ...body, stream: true, stream_options: { include_usage: true } }, own.key)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const data = await sseData(response)
  expect(data.at(-1)).toBe('[DONE]')
  const chunks = data.slice(0, -1).map((text) => completionChunk.parse(JSON.parse(text)))
  for (const choice of whole.choices) {
    const news = chunks.flatMap(({ choices }) => choices.filter(({ index }) => index === choice.index))
    expect(news.map(({ text }) => text).join('')).toBe(choice.text)
    expect(news.flatMap(({ token_ids }) => token_ids)).toEqual(choice.token_ids)
    expect(news.flatMap(({ logprobs }) => logprobs?.tokens ?? [])).toEqual(choice.logprobs?.tokens)
    expect(news.flatMap(({ finish_reason }) => finish_reason ?? [])).toEqual([choice.finish_reason])
  }
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage })
  const events = await eventsOf(own.orgId)
  expect(events.at(-1)).toMatchObject({
    requestId: response.headers.get('x-request-id'),
    promptTokens: whole.usage.prompt_tokens,
    completionTokens: whole.usage.completion_tokens,
  })
})

describe('a client that leaves', () => {
  test.each(['by aborting its request', 'by closing its stream'])('%s is billed for what it had, once, and holds nothing', async (how) => {
    const own = await makeKey({ tokenQuota: 100_000 })
    const client = new AbortController()
    const response = await call({ model: 'long', prompt: [1, 2, 3], max_tokens: 1000, stream: true, logit_bias: { 0: -100 } }, own.key, client.signal)
    const reader = response.body?.getReader()
    await reader?.read()
    if (how === 'by aborting its request') client.abort()
    else await reader?.cancel()
    let events = await eventsOf(own.orgId)
    while (events.length === 0) {
      await delay(20)
      events = await eventsOf(own.orgId)
    }
    const [event] = events
    expect(events).toHaveLength(1)
    expect(event?.promptTokens).toBe(3)
    expect(event?.completionTokens).toBeGreaterThan(0)
    expect(event?.completionTokens).toBeLessThan(1000)
    const { tokens } = await remainingQuota(own.orgId)
    expect(tokens).toBe(100_000 - 3 - (event?.completionTokens ?? 0))
  })
})

describe('a quota', () => {
  test('is never passed by concurrent requests, and is what an omitted max_tokens may use', async () => {
    const own = await makeKey({ tokenQuota: 60 })
    const { usage } = await complete({ prompt: 'a', logit_bias: { 0: -100 } }, own.key)
    expect(usage.total_tokens).toBe(60)
    expect(await refusal({ prompt: 'a' }, own.key)).toEqual({ status: 429, code: 'insufficient_quota', param: null })
    const shared = await makeKey({ tokenQuota: 60 })
    const responses = await Promise.all(Array.from({ length: 5 }, () => call({ model: MODEL, prompt: 'a', max_tokens: 19, logit_bias: { 0: -100 } }, shared.key)))
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429])
    const used = (await eventsOf(shared.orgId)).reduce((sum, { promptTokens, completionTokens }) => sum + promptTokens + completionTokens, 0)
    expect(used).toBe(60)
  })
})

describe('a bad request is refused and its field named', () => {
  const cases: [string, object, { status: number; code: string; param: string | null }][] = [
    ['no model', { model: undefined, prompt: 'a' }, { status: 400, code: 'invalid_request', param: 'model' }],
    ['an unknown model', { model: 'nobody/knows', prompt: 'a' }, { status: 404, code: 'model_not_found', param: 'model' }],
    ['a path for a model', { model: '../../etc', prompt: 'a' }, { status: 404, code: 'model_not_found', param: 'model' }],
    ['no prompt', {}, { status: 400, code: 'invalid_request', param: 'prompt' }],
    ['an empty list', { prompt: [] }, { status: 400, code: 'invalid_request', param: 'prompt' }],
    ['a token outside the vocabulary', { prompt: [8192] }, { status: 400, code: 'invalid_request', param: 'prompt' }],
    ['a negative token', { prompt: [-1] }, { status: 400, code: 'invalid_request', param: 'prompt' }],
    ['a prompt that fills the context', { prompt: Array.from({ length: 128 }, () => 9) }, { status: 400, code: 'context_length_exceeded', param: 'prompt' }],
    ['a temperature above 2', { prompt: 'a', temperature: 2.1 }, { status: 400, code: 'invalid_request', param: 'temperature' }],
    ['more choices than the plan has', { prompt: 'a', n: 9 }, { status: 400, code: 'invalid_request', param: 'n' }],
    ['a bias for no token', { prompt: 'a', logit_bias: { x: 1 } }, { status: 400, code: 'invalid_request', param: 'logit_bias' }],
    ['a bias outside the vocabulary', { prompt: 'a', logit_bias: { 8192: 1 } }, { status: 400, code: 'invalid_request', param: 'logit_bias' }],
    ['five stop sequences', { prompt: 'a', stop: ['1', '2', '3', '4', '5'] }, { status: 400, code: 'invalid_request', param: 'stop' }],
    ['best_of', { prompt: 'a', best_of: 3 }, { status: 400, code: 'invalid_request', param: 'best_of' }],
    ['suffix', { prompt: 'a', suffix: 'b' }, { status: 400, code: 'invalid_request', param: 'suffix' }],
    ['stream_options without stream', { prompt: 'a', stream_options: { include_usage: true } }, { status: 400, code: 'invalid_request', param: 'stream_options' }],
  ]

  test.each(cases)('%s', async (_, body, expected) => {
    expect(await refusal(body)).toEqual(expected)
    expect(await refusal({ ...body, stream: body === cases.at(-1)?.[1] ? false : true })).toEqual(expected)
  })

  test('a broken model, by name, with nothing billed', async () => {
    const own = await makeKey()
    expect(await refusal({ model: 'broken', prompt: [1] }, own.key)).toMatchObject({ status: 503, code: 'model_unavailable' })
    expect(await eventsOf(own.orgId)).toEqual([])
    expect((await remainingQuota(own.orgId)).tokens).toBe(1_000_000)
  })
})
