import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { browserErrorBody, createdApiKey } from '@/lib/contract/browser'
import { listApiKeys } from '@/lib/db/api-keys'
import { listAudit } from '@/lib/db/audit'
import { useDatabase } from '@/lib/db/testing/database'
import { withConnection } from '@/lib/db/testing/tenant'
import { callRoute, useWorker } from '@/lib/http/testing/api-client'
import * as models from '../v1/models/route'
import { makeAccessTenant, SESSION_SECRET, type AccessTenant } from '../testing/access-tenant'
import * as rotate from './[id]/rotate/route'
import * as keys from './route'

const database = useDatabase()
let tenant: AccessTenant

beforeAll(async () => {
  process.env['NEXTAUTH_SECRET'] = SESSION_SECRET
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
  tenant = await makeAccessTenant(database.ownerUrl)
})

async function create(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return callRoute(keys, { path: '/api/keys', body, headers: { cookie: await tenant.cookieOf('admin'), ...headers } })
}

test('a key that is made holds at once, has the limits that it was given, and is in the audit log', async () => {
  const response = await create({ name: 'Website', scopes: ['chat'], requestsPerMinute: 3, tokenQuota: 70, expiresAt: '2099-01-01T00:00:00.000Z' })
  const { id, key } = createdApiKey.parse(await response.json())
  const listed = await callRoute(models, { method: 'GET', key })
  expect([listed.status, listed.headers.get('x-ratelimit-limit-requests')]).toEqual([200, '3'])
  expect((await listApiKeys(tenant.orgId)).find((row) => row.id === id)).toMatchObject({ tokenQuota: 70, expiresAt: new Date('2099-01-01') })
  expect((await listAudit(tenant.orgId, { action: 'key.created', limit: 1 }))[0]).toMatchObject({ target: expect.stringContaining('Website') as unknown })
})

test('asked for twice under one Idempotency-Key it is made once, its secret is kept nowhere, and the repeat says so', async () => {
  const idempotent = { 'idempotency-key': randomUUID() }
  const made = createdApiKey.parse(await (await create({ name: 'Once', scopes: ['chat'] }, idempotent)).json())
  const repeat = await create({ name: 'Once', scopes: ['chat'] }, idempotent)
  expect([repeat.status, browserErrorBody.parse(await repeat.json()).error.message]).toEqual([409, expect.stringContaining('This key was made')])
  expect((await listApiKeys(tenant.orgId)).filter(({ name }) => name === 'Once')).toHaveLength(1)
  const { rows } = await withConnection(database.ownerUrl, (client) => client.query<{ row: string }>('SELECT t::text AS row FROM idempotent_requests t'))
  expect(rows.filter(({ row }) => row.includes(made.key))).toEqual([])
})

test('a refused request may be corrected under the same Idempotency-Key', async () => {
  const idempotent = { 'idempotency-key': randomUUID() }
  expect((await create({ name: '', scopes: ['chat'] }, idempotent)).status).toBe(400)
  expect((await create({ name: 'Corrected', scopes: ['chat'] }, idempotent)).status).toBe(201)
})

test('a rotated key and its successor are both let in, until the overlap ends', async () => {
  const { id, key } = createdApiKey.parse(await (await create({ name: 'Old', scopes: ['chat'] })).json())
  const answer = await callRoute(rotate, { path: `/api/keys/${id}/rotate`, body: { overlapHours: 1 }, params: { id }, headers: { cookie: await tenant.cookieOf('owner') } })
  const successor = createdApiKey.parse(await answer.json())
  const statusOf = async (given: string) => (await callRoute(models, { method: 'GET', key: given })).status
  expect([await statusOf(key), await statusOf(successor.key)]).toEqual([200, 200])
  await withConnection(database.ownerUrl, (client) => client.query("UPDATE api_keys SET expires_at = expires_at - interval '61 minutes' WHERE id = $1", [id]))
  expect([await statusOf(key), await statusOf(successor.key)]).toEqual([401, 200])
})
