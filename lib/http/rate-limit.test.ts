import { beforeAll, expect, test } from 'vitest'
import { useDatabase } from '@/lib/db/testing/database'
import * as signUp from '@/app/api/sign-up/route'
import { browserErrorBody } from '@/lib/contract/browser'
import { durationText, limitAddress } from './rate-limit'
import { callRoute, useWorker } from './testing/api-client'

useDatabase()

beforeAll(() => {
  Object.assign(process.env, { RATE_LIMIT_ADDRESS: 'sign-in=3 sign-up=2', TRUSTED_PROXY: '1' })
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
})

const from = (address: string) => new Request('http://parley.test/sign-in', { method: 'POST', headers: { 'x-forwarded-for': address } })

test('an address may do so much of a kind and no more, sent at once or not; others and other kinds are free', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => limitAddress(from('203.0.113.1'), 'sign-in')))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  const refused = outcomes.find((outcome) => outcome.status === 'rejected')
  expect(refused?.reason).toMatchObject({ code: 'rate_limit_exceeded', message: expect.stringContaining('from your network') as unknown })
  await expect(limitAddress(from('203.0.113.2'), 'sign-in')).resolves.toBeUndefined()
  await expect(limitAddress(from('203.0.113.1'), 'invitations')).resolves.toBeUndefined()
})

test('signing up too often is answered with 429 and how long to wait', async () => {
  const call = (tag: number) =>
    callRoute(signUp, {
      path: '/api/sign-up',
      headers: { 'x-forwarded-for': '203.0.113.9' },
      body: { name: 'Ada', organization: 'Engines', email: `limit-${tag}@example.com`, password: 'long enough' },
    })
  expect([(await call(1)).status, (await call(2)).status]).toEqual([201, 201])
  const refused = await call(3)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
  expect(browserErrorBody.parse(await refused.json()).error.code).toBe('rate_limit_exceeded')
})

test.each([
  [0, '0ms'], [0.2, '1ms'], [120, '120ms'], [1000, '1s'], [6450, '6.5s'], [59_990, '1m0s'], [90_000, '1m30s'], [3_600_000, '60m0s'],
])('%d milliseconds are written %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
