import { beforeAll, expect, test } from 'vitest'
import { useDatabase } from '@/lib/db/testing/database'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { makeTenant } from '@/lib/db/testing/tenant'
import { callRoute, makeKey, useWorker } from '@/lib/http/testing/api-client'
import * as model from '../v1/models/[...name]/route'
import * as nothing from '../v1/[[...path]]/route'
import { GET } from './route'

useDatabase()

beforeAll(() => {
  process.env['METRICS_TOKEN'] = 'a token for the test'
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
})

async function scrape(): Promise<Map<string, number>> {
  const response = await callRoute({ GET: (request) => GET(request) }, { method: 'GET', path: '/api/metrics', key: 'a token for the test' })
  expect(response.headers.get('content-type')).toContain('text/plain')
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

test('requests are counted by the pattern of their route, whatever stands in its variable parts', async () => {
  const { key } = await makeKey()
  for (const name of ['parley-mini-0', 'no-such-model', 'owner/name']) {
    await callRoute(model, { method: 'GET', path: `/v1/models/${name}`, key, params: { name: name.split('/') } })
  }
  await callRoute(nothing, { method: 'GET', path: '/v1/made/up', params: { path: ['made', 'up'] } })
  const seen = await scrape()
  expect(seen.get('parley_http_requests_total{method="GET",route="/v1/models/:name",status="200"}')).toBe(1)
  expect(seen.get('parley_http_requests_total{method="GET",route="/v1/models/:name",status="404"}')).toBe(2)
  expect(seen.get('parley_http_requests_total{method="GET",route="none",status="404"}')).toBe(1)
  expect(seen.get('parley_http_request_seconds_count{method="GET",route="/v1/models/:name"}')).toBe(3)
})

test('holds and settled tokens are those of the ledger, and a worker that is gone is down', async () => {
  const before = await scrape()
  const { orgId } = await makeTenant()
  const hold = { userId: null, keyId: null, model: 'm', feature: 'chat' as const, tokens: 50, characters: 0, ttlSeconds: 60 }
  await placeHold(orgId, { ...hold, requestId: 'open' })
  await placeHold(orgId, { ...hold, requestId: 'settled' })
  await settleHold(orgId, 'settled', { promptTokens: 3, completionTokens: 4, characters: 0 })
  const after = await scrape()
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  expect(['parley_ledger_holds', 'parley_ledger_held_tokens', 'parley_ledger_settled_tokens'].map(grown)).toEqual([1, 50, 7])
  expect(after.get('parley_database_up')).toBe(1)
  expect([...after].filter(([name]) => name.startsWith('parley_worker_up'))).toEqual([['parley_worker_up{backend="unknown",model="unknown"}', 0]])
  expect(after.get('parley_database_pool_connections{role="app",state="idle"}')).toBeGreaterThan(0)
})
