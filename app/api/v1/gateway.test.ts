import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { deeplError } from '@/lib/contract/deepl'
import { completionChunk, openaiError } from '@/lib/contract/openai'
import { createApiKey, revokeApiKey } from '@/lib/db/api-keys'
import { pruneIdempotent } from '@/lib/db/idempotent-requests'
import { monthBalance } from '@/lib/db/ledger'
import { setOrganizationTerms } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { withConnection } from '@/lib/db/testing/tenant'
import { newApiKey } from '@/lib/auth/api-key-format'
import { rateLimits } from '@/lib/domain/rate-limits'
import { serverContext } from '@/lib/http/server-context'
import { callRoute, eventsOf, makeKey, useWorker, type ApiCall, type TestTenant } from '@/lib/http/testing/api-client'
import { ScriptedEngine } from '@/lib/services/testing/scripted-engine'
import { loadTokenizer } from '@/lib/tokenizer/tokenizer'
import * as deeplUsage from '../v2/usage/route'
import * as completions from './completions/route'
import * as models from './models/route'

const database = useDatabase()

const MODEL = 'parley-mini-0'
const TEXT = "I'm a bot who was created by humans, and I like it."

let engine: ScriptedEngine
let tenant: TestTenant

beforeEach(async () => {
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: path.join(tmpdir(), 'parley-no-models') })
  const tokenizer = await loadTokenizer(path.resolve('models', MODEL))
  if (tokenizer === null) throw new Error('The bundled checkpoint has no tokenizer.')
  engine = new ScriptedEngine(tokenizer, TEXT)
  serverContext().runtime.engine = engine
  tenant = await makeKey()
})

const body = { model: MODEL, prompt: 'Who are you?', max_tokens: 64 }
const complete = (call: ApiCall = {}) => callRoute(completions, { path: '/v1/completions', key: tenant.key, body, ...call })
const again = (key: string, call: ApiCall = {}) => complete({ headers: { 'idempotency-key': key }, ...call })

async function errorOf(response: Response) {
  return { status: response.status, ...openaiError.parse(await response.json()).error }
}

const limit = (overrides: Parameters<typeof rateLimits>[0]) => Object.assign(serverContext(), { rateLimits: rateLimits(overrides) })
const rateHeaders = (response: Response) => Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-ratelimit-')))

describe('rate limits', () => {
  test('stand in OpenAI’s headers of every answer: requests of the tightest limit, tokens of the tenant', async () => {
    limit({ plans: { free: { key: 5, tenant: 9, tokens: 10_000 } } })
    const listed = await callRoute(models, { method: 'GET', key: tenant.key })
    expect(rateHeaders(listed)).toEqual({
      'x-ratelimit-limit-requests': '5', 'x-ratelimit-remaining-requests': '4', 'x-ratelimit-reset-requests': '12s',
      'x-ratelimit-limit-tokens': '10000', 'x-ratelimit-remaining-tokens': '10000', 'x-ratelimit-reset-tokens': '0ms',
    })
    const completed = await complete()
    const remaining = Number(completed.headers.get('x-ratelimit-remaining-tokens'))
    // What the request may use is taken before its answer begins.
    expect(remaining).toBeLessThanOrEqual(10_000 - 64)
    expect(remaining).toBeGreaterThan(9_800)
    expect(completed.headers.get('x-ratelimit-remaining-requests')).toBe('3')
    await completed.text()
    const refused = await complete({ body: { model: 'no-such-model', prompt: 'x' } })
    expect(refused.status).toBe(404)
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('2')
    const deepl = await callRoute(deeplUsage, { method: 'GET', key: tenant.key })
    expect(deepl.headers.get('x-ratelimit-remaining-requests')).toBe('1')
    const billed = (await eventsOf(tenant.orgId)).reduce((sum, event) => sum + event.promptTokens + event.completionTokens, 0)
    expect(Number(deepl.headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThanOrEqual(10_000 - billed)
  })

  test('answer 429 with how long to wait, in both envelopes, before anything is held', async () => {
    limit({ plans: { free: { key: 1 } } })
    await (await complete()).text()
    const refused = await complete()
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0')
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests', message: expect.stringContaining('this API key') as unknown })
    const deepl = await callRoute(deeplUsage, { method: 'GET', key: tenant.key })
    expect(deepl.status).toBe(429)
    expect(deepl.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(deeplError.parse(await deepl.json()).message).toContain('1 requests a minute')
    expect(await eventsOf(tenant.orgId)).toHaveLength(1)
  })

  test('of tokens refuse a request that the minute does not cover', async () => {
    limit({ plans: { free: { tokens: 100 } } })
    await (await complete()).text()
    engine.pauseAfter = 1
    const running = await complete({ body: { ...body, stream: true } })
    const refused = await complete({ body: { ...body, max_tokens: 90 } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'rate_limit_exceeded', message: expect.stringContaining('100 tokens a minute') as unknown })
    engine.goOn()
    await running.text()
  })

  test('hold back an address that floods with wrong keys, and not the keys that are right', async () => {
    limit({ address: { failures: 3 } })
    const codes: number[] = []
    for (let count = 0; count < 5; count++) codes.push((await callRoute(models, { method: 'GET', key: 'pk_wrong' })).status)
    codes.push((await callRoute(models, { method: 'GET', key: newApiKey().key })).status)
    expect(codes.slice(-3)).toEqual([429, 429, 429])
    expect((await callRoute(models, { method: 'GET', key: tenant.key })).status).toBe(200)
  })
})

/** The text of a stream's chunks so far. */
function sentText(stream: string): string {
  return stream
    .split('\n\n')
    .flatMap((event) => (event.startsWith('data: {') ? [completionChunk.parse(JSON.parse(event.slice('data: '.length)))] : []))
    .map(({ choices }) => choices[0]?.text ?? '')
    .join('')
}

describe('a key revoked in mid-answer', () => {
  test.each(['revoked', 'its organisation suspended'])('(%s) ends its stream within a second, said as its last event, and exactly what was sent is billed', async (how) => {
    engine.pauseAfter = 3
    const response = await complete({ body: { ...body, stream: true } })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (sentText(text) !== engine.firstTokens(3)) text += (await reader?.read())?.value ?? ''
    // Said by another connection, as by another process or the command line.
    const ended = Date.now()
    await withConnection(database.ownerUrl, (client) =>
      how === 'revoked'
        ? client.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [tenant.keyId])
        : client.query('UPDATE organizations SET suspended_at = now() WHERE id = $1', [tenant.orgId]),
    )
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value
    expect(Date.now() - ended).toBeLessThan(1000)
    expect(text).not.toContain('[DONE]')
    expect(text).toContain(how === 'revoked' ? 'The API key was revoked.' : 'The organisation is suspended.')
    expect(await eventsOf(tenant.orgId)).toMatchObject([{ completionTokens: 3 }])
    expect((await monthBalance(tenant.orgId)).tokens.held).toBe(0)
  })

  test('is answered with 401 where nothing was sent yet', async () => {
    engine.pauseAfter = 2
    const answer = complete()
    while (engine.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await revokeApiKey(tenant.orgId, { id: tenant.keyId })
    expect(await errorOf(await answer)).toMatchObject({ status: 401, code: 'invalid_api_key' })
    expect((await monthBalance(tenant.orgId)).tokens.held).toBe(0)
  })

  test('says nothing to another key of the same organisation', async () => {
    const { key, prefix, hash } = newApiKey()
    await createApiKey(tenant.orgId, { name: 'Other', scopes: ['chat'], createdBy: null, expiresAt: null, prefix, hash })
    engine.pauseAfter = 2
    const answer = complete({ key })
    while (engine.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await revokeApiKey(tenant.orgId, { id: tenant.keyId })
    engine.goOn()
    expect((await answer).status).toBe(200)
  })
})

describe('an idempotency key', () => {
  test('does the work once: a repeat gets the first answer, marked, under its request id, and is not billed', async () => {
    const key = randomUUID()
    const first = await again(key)
    const second = await again(key)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(first.headers.has('idempotent-replayed')).toBe(false)
    expect(second.headers.get('x-request-id')).toBe(first.headers.get('x-request-id'))
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(second.headers.has('x-ratelimit-remaining-requests')).toBe(true)
    expect(await second.text()).toBe(await first.text())
    expect(engine.requests).toHaveLength(1)
    expect(await eventsOf(tenant.orgId)).toHaveLength(1)
  })

  test('repeats a stream as the same stream', async () => {
    const key = randomUUID()
    const stream = { ...body, stream: true }
    const first = await (await again(key, { body: stream })).text()
    expect(first).toContain('[DONE]')
    const second = await again(key, { body: stream })
    expect(second.headers.get('content-type')).toContain('text/event-stream')
    expect(await second.text()).toBe(first)
    expect(await eventsOf(tenant.orgId)).toHaveLength(1)
  })

  test('refuses another body with 409, and a repeat while the first is under way, saying when to ask again', async () => {
    const key = randomUUID()
    engine.pauseAfter = 1
    const first = again(key)
    while (engine.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const busy = await again(key)
    expect(busy.headers.get('retry-after')).toBe('1')
    expect(await errorOf(busy)).toMatchObject({ status: 409, code: 'conflict' })
    expect(await errorOf(await again(key, { body: { ...body, max_tokens: 5 } }))).toMatchObject({ status: 409, param: 'Idempotency-Key' })
    engine.goOn()
    expect((await first).status).toBe(200)
    expect(await errorOf(await again(key, { body: { ...body, max_tokens: 5 } }))).toMatchObject({ status: 409, param: 'Idempotency-Key' })
  })

  test('of two requests at once lets one do the work', async () => {
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 6 }, () => again(key)))
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
    expect(engine.requests).toHaveLength(1)
  })

  test('is each key’s and each route’s own', async () => {
    const key = randomUUID()
    await again(key)
    const other = await makeKey()
    expect((await again(key, { key: other.key })).headers.has('idempotent-replayed')).toBe(false)
    expect(engine.requests).toHaveLength(2)
  })

  test('is free again after a request that failed, or whose client left half-way', async () => {
    const key = randomUUID()
    engine.failure = new Error('the worker is gone')
    expect((await again(key)).status).toBe(500)
    engine.failure = null
    engine.pauseAfter = 2
    const left = await again(key, { body: { ...body, stream: true } })
    await left.body?.cancel()
    engine.pauseAfter = Number.POSITIVE_INFINITY
    let done = await again(key)
    for (const until = Date.now() + 5000; done.status === 409 && Date.now() < until; done = await again(key)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(done.status).toBe(200)
    expect(done.headers.has('idempotent-replayed')).toBe(false)
  })

  test('is taken over from a process that died, when its lease has run out', async () => {
    const key = randomUUID()
    await again(key)
    await withConnection(database.ownerUrl, (client) =>
      client.query("UPDATE idempotent_requests SET finished_at = NULL, status = NULL, headers = NULL, body = NULL, lease_until = now() - interval '1 second' WHERE idempotency_key = $1", [key]),
    )
    expect((await again(key)).headers.has('idempotent-replayed')).toBe(false)
    expect((await again(key)).headers.get('idempotent-replayed')).toBe('true')
  })

  test('refuses the repeat of an answer that was too long to keep', async () => {
    const key = randomUUID()
    await again(key)
    await withConnection(database.ownerUrl, (client) => client.query('UPDATE idempotent_requests SET status = NULL, headers = NULL, body = NULL WHERE idempotency_key = $1', [key]))
    expect(await errorOf(await again(key))).toMatchObject({ status: 409, message: expect.stringContaining('not kept') as unknown })
  })

  test('is forgotten after a day', async () => {
    const key = randomUUID()
    await again(key)
    const old = "UPDATE idempotent_requests SET created_at = now() - interval '25 hours', lease_until = now() - interval '25 hours' WHERE idempotency_key = $1"
    await withConnection(database.ownerUrl, (client) => client.query(old, [key]))
    expect((await again(key)).headers.has('idempotent-replayed')).toBe(false)
    await withConnection(database.ownerUrl, (client) => client.query(old, [key]))
    expect(await pruneIdempotent()).toBe(1)
  })

  test('has at most 255 characters', async () => {
    expect(await errorOf(await again('k'.repeat(256)))).toMatchObject({ status: 400, param: 'Idempotency-Key' })
  })
})

test('what the plan does not allow is refused with the field and the limit', async () => {
  const tooLong = await complete({ body: { ...body, prompt: 'x'.repeat(300_000) } })
  expect(await errorOf(tooLong)).toMatchObject({ status: 413, message: expect.stringContaining('262144') as unknown })
  expect(await errorOf(await complete({ body: { ...body, n: 9 } }))).toMatchObject({ status: 400, param: 'n', message: expect.stringContaining('8 choices') as unknown })
  await setOrganizationTerms(tenant.orgId, { plan: 'pro' })
  expect((await complete({ body: { ...body, n: 9 } })).status).toBe(200)
})
