import { beforeAll, describe, expect, test } from 'vitest'
import { deeplError } from '@/lib/contract/deepl'
import { modelList, modelObject, openaiError, usageResponse } from '@/lib/contract/openai'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { revokeApiKey } from '@/lib/db/api-keys'
import { setOrganizationTerms } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { callRoute, eventsOf, makeKey, useWorker, type ApiCall } from '@/lib/http/testing/api-client'
import * as unknownDeepl from '../v2/[[...path]]/route'
import * as deeplUsage from '../v2/usage/route'
import * as deeplThree from '../v3/[[...path]]/route'
import * as unknown from './[[...path]]/route'
import * as completions from './completions/route'
import * as models from './models/route'
import * as model from './models/[...name]/route'
import * as usage from './usage/route'

useDatabase()

// Nothing listens there: these requests end before the worker, or find it gone.
beforeAll(() => useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' }))

async function refusal(routes: Parameters<typeof callRoute>[0], call: ApiCall) {
  const response = await callRoute(routes, call)
  const { error } = openaiError.parse(await response.json())
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  return { status: response.status, code: error.code }
}

describe('a key', () => {
  test('that is missing, wrong, mistyped, revoked or expired is answered with 401', async () => {
    const { orgId, keyId, key } = await makeKey()
    const expired = await makeKey({}, ['chat'], new Date(Date.now() - 1000))
    const list = (given: string | null) => refusal(models, { method: 'GET', key: given })
    expect(await list(null)).toEqual({ status: 401, code: 'unauthenticated' })
    expect(await list('sk-nonsense')).toEqual({ status: 401, code: 'invalid_api_key' })
    expect(await list(`${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`)).toEqual({ status: 401, code: 'invalid_api_key' })
    expect(await list(expired.key)).toEqual({ status: 401, code: 'invalid_api_key' })
    expect((await callRoute(models, { method: 'GET', key })).status).toBe(200)
    await revokeApiKey(orgId, { id: keyId })
    expect(await list(key)).toEqual({ status: 401, code: 'invalid_api_key' })
  })

  test('that lacks the scope, or whose organisation is suspended, is answered with 403', async () => {
    const { key, orgId } = await makeKey({}, ['translate'])
    expect(await refusal(completions, { key, body: {} })).toEqual({ status: 403, code: 'insufficient_permissions' })
    await setOrganizationTerms(orgId, { suspendedAt: new Date() })
    expect(await refusal(models, { method: 'GET', key })).toEqual({ status: 403, code: 'insufficient_permissions' })
  })
})

test('a path that does not exist is 404 and a method that does not is 405, in the envelope of its API', async () => {
  expect(await refusal(unknown, { method: 'GET', path: '/v1/embeddings' })).toEqual({ status: 404, code: 'not_found' })
  expect(await refusal(completions, { method: 'GET' })).toEqual({ status: 405, code: 'method_not_allowed' })
  const wrong = await callRoute(completions, { method: 'DELETE' })
  expect(wrong.headers.get('allow')).toBe('POST')
  for (const routes of [unknownDeepl, deeplThree]) {
    const response = await callRoute(routes, { method: 'POST', path: '/v3/translate' })
    expect(response.status).toBe(404)
    expect(deeplError.parse(await response.json()).message).toContain('/v3/translate')
  }
})

test('bad JSON is 400 and a body over the plan 413', async () => {
  const { key } = await makeKey()
  expect(await refusal(completions, { key, body: '{"model"' })).toEqual({ status: 400, code: 'invalid_request' })
  expect(await refusal(completions, { key, body: '[]' })).toEqual({ status: 400, code: 'invalid_request' })
  expect(await refusal(completions, { key, body: JSON.stringify({ prompt: 'a'.repeat(300 * 1024) }) })).toEqual({ status: 413, code: 'payload_too_large' })
})

test('a worker that is gone is 503, and nothing is billed', async () => {
  const { key, orgId } = await makeKey()
  for (const stream of [false, true]) {
    expect(await refusal(completions, { key, body: { model: 'parley-mini-0', prompt: 'a', stream } })).toEqual({ status: 503, code: 'engine_unavailable' })
  }
  expect(await eventsOf(orgId)).toEqual([])
})

test('models are listed, and found by name', async () => {
  const { key } = await makeKey({}, ['usage'])
  const list = modelList.parse(await (await callRoute(models, { method: 'GET', key })).json())
  expect(list.data.map(({ id }) => id)).toContain('parley-mini-0')
  const one = await callRoute(model, { method: 'GET', key, path: '/v1/models/parley-mini-0' })
  expect(modelObject.parse(await one.json()).id).toBe('parley-mini-0')
  expect(await refusal(model, { method: 'GET', key, path: '/v1/models/a%2Fb' })).toEqual({ status: 404, code: 'model_not_found' })
  expect(await refusal(model, { method: 'GET', key, path: '/v1/models/%E0%A4%A' })).toEqual({ status: 404, code: 'model_not_found' })
})

test("usage is reported by group, and it is the key's own organisation's", async () => {
  const { key, keyId, orgId } = await makeKey()
  const other = await makeKey()
  for (const [requestId, tokens] of [['a', 5], ['b', 7]] as const) {
    await placeHold(orgId, { requestId, userId: null, keyId, model: 'm', feature: 'chat', tokens: 20, characters: 0, ttlSeconds: 60 })
    await settleHold(orgId, requestId, { promptTokens: tokens, completionTokens: 1, characters: 0 })
  }
  const report = async (query: string, by = key) => usageResponse.parse(await (await callRoute(usage, { method: 'GET', key: by, path: `/v1/usage${query}` })).json())
  const all = await report(`?start_time=${Math.floor(Date.now() / 1000) - 3600}&end_time=&group_by=model,key`)
  expect(all).toMatchObject({ prompt_tokens: 12, completion_tokens: 2, cost_micros: 9 })
  expect(all.data.flatMap(({ results }) => results)[0]).toMatchObject({ prompt_tokens: 12, model: 'm', key: keyId })
  expect((await report('', other.key)).data).toEqual([])
  expect(await refusal(usage, { method: 'GET', key, path: '/v1/usage?group_by=shoe' })).toEqual({ status: 400, code: 'invalid_request' })
  expect(await callRoute(deeplUsage, { method: 'GET', key }).then((response) => response.json())).toMatchObject({ token_count: 14, token_limit: 1_000_000 })
})
