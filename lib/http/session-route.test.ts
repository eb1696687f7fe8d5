import { beforeAll, expect, test } from 'vitest'
import { requireOwnOrigin } from './session-route'
import { useWorker } from './testing/api-client'

beforeAll(() => {
  process.env.NEXTAUTH_URL = 'https://parley.example'
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
})

const from = (headers: Record<string, string>, method = 'POST') => () =>
  requireOwnOrigin(new Request('http://localhost:3000/api/keys', { method, headers: { host: 'localhost:3000', ...headers } }))

test.each<[string, Record<string, string>]>([
  ['its own page', { origin: 'http://localhost:3000' }],
  ['the configured address', { origin: 'https://parley.example' }],
  ['the address before a proxy', { origin: 'https://chat.example', 'x-forwarded-host': 'chat.example' }],
  ['a program that names no origin', {}],
  ['its own page, by fetch metadata', { 'sec-fetch-site': 'same-origin' }],
])('a write from %s is taken', (_, headers) => {
  expect(from(headers)).not.toThrow()
})

test.each<[string, Record<string, string>]>([
  ['another site', { origin: 'https://evil.example' }],
  ['another port of the same host', { origin: 'http://localhost:4000' }],
  ['a sandboxed page', { origin: 'null' }],
  ['another site, by fetch metadata', { 'sec-fetch-site': 'cross-site' }],
])('a write from %s is refused', (_, headers) => {
  expect(from(headers)).toThrow(expect.objectContaining({ code: 'insufficient_permissions' }))
})

test('reading is open to links from anywhere', () => {
  expect(from({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'GET')).not.toThrow()
})
