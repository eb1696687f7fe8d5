import { expect, test } from 'vitest'
import { verifyCredentials } from '@/lib/auth/sign-in'
import { parseApiKey } from '@/lib/auth/api-key-format'
import { admitRequest } from '@/lib/db/admission'
import { listApiKeys } from '@/lib/db/api-keys'
import { listAudit } from '@/lib/db/audit'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { findOrganization } from '@/lib/db/organizations'
import { rateLimits } from '@/lib/domain/rate-limits'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { findUserByEmail } from '@/lib/db/users'
import { resetPassword } from '@/lib/services/reset-password'
import { COMMAND_TIMEOUT_MS, useParley } from './testing/run-parley'

const database = useDatabase()
const parley = useParley(database)

const text = (value: unknown) => String(value)

async function identityOf(key: unknown) {
  return (await admitRequest(parseApiKey(text(key))?.hash ?? '', 'an address', rateLimits())).identity
}

test('an organisation with its owner, a key that works, and its end', async () => {
  const org = await parley.run(['org', 'create', '--json', '--name', 'Acme & Söhne', '--owner', 'Ada@Example.com', '--password', 'correct horse', '--plan', 'pro', '--quota', '5000'])
  expect(org.code).toBe(0)
  expect(Object.keys(org.json).sort()).toEqual(['orgId', 'userId'])
  const { orgId, userId } = org.json
  expect(await findOrganization(text(orgId))).toMatchObject({ name: 'Acme & Söhne', plan: 'pro', tokenQuota: 5000 })
  expect(await verifyCredentials('ada@example.com', 'correct horse')).toMatchObject({ userId, orgId })

  const key = await parley.run(['key', 'create', '--json', '--org', text(orgId), '--name', 'ci', '--scopes', 'chat,usage', '--expires', '30d', '--quota', '900', '--rpm', '50'])
  expect(key.code).toBe(0)
  expect(Object.keys(key.json).sort()).toEqual(['id', 'key'])
  expect(await identityOf(key.json['key'])).toMatchObject({ keyId: key.json['id'], orgId, plan: 'pro', scopes: ['chat', 'usage'], revokedAt: null })

  const rotated = await parley.run(['key', 'rotate', '--json', '--org', text(orgId), '--key', text(key.json['key']), '--overlap', '2'])
  expect(Object.keys(rotated.json).sort()).toEqual(['id', 'key', 'previousEndsAt'])
  expect(await identityOf(rotated.json['key'])).toMatchObject({ keyId: rotated.json['id'], scopes: ['chat', 'usage'], revokedAt: null })
  expect((await identityOf(key.json['key']))?.expiresAt?.toISOString()).toBe(rotated.json['previousEndsAt'])
  expect(await listApiKeys(text(orgId))).toMatchObject([{ requestsPerMinute: 50, tokenQuota: 900 }, { requestsPerMinute: 50, tokenQuota: 900 }])
  expect((await listAudit(text(orgId), { action: 'key', limit: 2 })).map(({ action, actorId, details }) => [action, actorId, details['by']])).toEqual([
    ['key.rotated', null, 'command line'],
    ['key.created', null, 'command line'],
  ])

  const revoked = await parley.run(['key', 'revoke', '--json', '--org', text(orgId), '--key', text(key.json['key'])])
  expect(revoked).toMatchObject({ code: 0, json: { revoked: true } })
  expect((await identityOf(key.json['key']))?.revokedAt).toBeInstanceOf(Date)
}, COMMAND_TIMEOUT_MS)

test('a key is revoked by its id, and only by its own organisation', async () => {
  const [mine, other] = [await makeTenant(), await makeTenant()]
  const { json: key } = await parley.run(['key', 'create', '--json', '--org', mine.orgId, '--name', 'all'])
  expect(await identityOf(key['key'])).toMatchObject({ scopes: ['chat', 'translate', 'usage', 'fine-tune'], expiresAt: null })
  const foreign = await parley.run(['key', 'revoke', '--json', '--org', other.orgId, '--key', text(key['id'])])
  expect(foreign).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
  expect((await identityOf(key['key']))?.revokedAt).toBeNull()
  expect((await parley.run(['key', 'revoke', '--org', mine.orgId, '--key', text(key['id'])])).code).toBe(0)
  expect((await identityOf(key['key']))?.revokedAt).toBeInstanceOf(Date)
}, COMMAND_TIMEOUT_MS)

test('an operator is made once; a known e-mail needs its password', async () => {
  const made = await parley.run(['operator', 'create', '--json', '--email', 'root@example.com', '--password', 'correct horse'])
  expect(made).toMatchObject({ code: 0, json: { userId: expect.any(String) as unknown } })
  expect(await findUserByEmail('root@example.com')).toMatchObject({ id: made.json['userId'], isOperator: true })
  const wrong = await parley.run(['org', 'create', '--json', '--name', 'Mine', '--owner', 'root@example.com', '--password', 'another password'])
  expect(wrong).toMatchObject({ code: 1, json: { error: { code: 'conflict' } } })
  const right = await parley.run(['org', 'create', '--json', '--name', 'Mine', '--owner', 'root@example.com', '--password', 'correct horse'])
  expect(right).toMatchObject({ code: 0, json: { userId: made.json['userId'] } })
}, COMMAND_TIMEOUT_MS)

test('a link to a new password is printed for whoever has an account', async () => {
  const { email } = await makeTenant()
  const opened = await parley.run(['operator', 'reset-password', '--json', email])
  expect(opened).toMatchObject({ code: 0, json: { link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/reset-password\/[\w-]{43}$/u) as unknown, minutes: 60 } })
  const token = text(opened.json['link']).split('/').at(-1) ?? ''
  expect(await resetPassword(token, 'a new password', { ip: null, userAgent: null })).toEqual({ email })
  expect(await verifyCredentials(email, 'a new password')).toMatchObject({ email })
  expect(await parley.run(['operator', 'reset-password', '--json', 'nobody@example.com'])).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
}, COMMAND_TIMEOUT_MS)

const REFUSED: [string, string[], RegExp][] = [
  ['an e-mail that is none', ['operator', 'create', '--email', 'nobody', '--password', 'correct horse'], /e-mail/],
  ['a short password', ['org', 'create', '--name', 'A', '--owner', 'a@example.com', '--password', 'short'], /at least 8/],
  ['a quota that is no number', ['org', 'create', '--name', 'A', '--owner', 'a@example.com', '--password', 'correct horse', '--quota', '1.5'], /--quota.*whole number/],
  ['a missing option', ['key', 'create', '--name', 'k'], /--org/],
  ['an organisation that is not there', ['key', 'create', '--org', 'not-an-id', '--name', 'k'], /no organisation not-an-id/],
  ['a command that is not there', ['org', 'erase-everything'], /unknown command/],
]

test.each(REFUSED)('%s is refused in the error envelope', async (_, args, message) => {
  const result = await parley.run([...args, '--json'])
  expect(result).toMatchObject({ code: 1, json: { error: { code: expect.stringMatching(/^(invalid_request|not_found)$/) as unknown, message: expect.stringMatching(message) as unknown } } })
}, COMMAND_TIMEOUT_MS)

test('a database that is down is named, with what to do', async () => {
  const result = await parley.run(['org', 'create', '--json', '--name', 'A', '--owner', 'a@example.com', '--password', 'correct horse'], { env: { DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:9/none' } })
  expect(result).toMatchObject({ code: 1, json: { error: { code: 'setup_failed', message: expect.stringMatching(/127\.0\.0\.1:9.*cannot be reached[^]*What to do/) as unknown } } })
}, COMMAND_TIMEOUT_MS)

test('the exported rows add up to what was used, in every format', async () => {
  const { orgId } = await makeTenant()
  for (const [index, requestId] of ['req-1', 'req-2', 'req-3'].entries()) {
    await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'parley-mini-0', feature: 'chat', tokens: 100, characters: 0, ttlSeconds: 60 })
    await settleHold(orgId, requestId, { promptTokens: 10 + index, completionTokens: 5, characters: 0 })
  }
  const range = ['--org', orgId, '--from', '2020-01-01', '--to', '2100-01-01T00:00:00Z']
  const csv = await parley.run(['usage', 'export', ...range, '--format', 'csv'])
  const [header, ...lines] = csv.stdout.trimEnd().split('\n')
  expect(header).toBe('id,request_id,time,org,member,key,model,feature,prompt_tokens,completion_tokens,characters,training_tokens,cost_micros')
  expect(lines.map((line) => line.split(',')[1])).toEqual(['req-1', 'req-2', 'req-3'])
  expect(lines.reduce((sum, line) => sum + Number(line.split(',')[8]), 0)).toBe(33)

  const jsonl = await parley.run(['usage', 'export', ...range, '--format', 'jsonl'])
  const rows = jsonl.stdout.trimEnd().split('\n').map((line): unknown => JSON.parse(line))
  expect(rows).toMatchObject([{ prompt_tokens: 10 }, { prompt_tokens: 11 }, { prompt_tokens: 12 }])
  expect(rows[0]).toMatchObject({ org: orgId, member: null, key: null, model: 'parley-mini-0', feature: 'chat', completion_tokens: 5, characters: 0, training_tokens: 0, cost_micros: 13 })

  const events = await parley.run(['usage', 'export', ...range, '--format', 'cloudevents', '--json'])
  expect(events.json).toMatchObject({ org: orgId, count: 3, data: [{ specversion: '1.0', type: 'parley.usage', source: `/organizations/${orgId}`, data: rows[0] }, {}, {}] })

  const empty = await parley.run(['usage', 'export', '--json', '--org', orgId, '--from', '2020-01-01', '--to', '2020-02-01'])
  expect(empty).toMatchObject({ code: 0, json: { count: 0, data: [] } })
}, COMMAND_TIMEOUT_MS)

test('doctor says what runs on what, and changes nothing', async () => {
  const doctor = await parley.run(['doctor', '--json'])
  expect(doctor).toMatchObject({
    code: 0,
    json: { status: 'ok', app: null, backend: 'wasm', tensorflow: null, gpu: false, database: { kind: 'external', status: 'ok' }, model: { name: 'parley-mini-0', status: 'ok' }, worker: { status: 'stopped' } },
  })
  const broken = await parley.run(['doctor', '--json'], { env: { PARLEY_MODEL: 'no-such-model', WORKER_URL: 'http://127.0.0.1:9' } })
  expect(broken).toMatchObject({ code: 1, json: { status: 'failed', model: { status: 'failed' }, worker: { status: 'failed', address: 'http://127.0.0.1:9' } } })
}, COMMAND_TIMEOUT_MS)
