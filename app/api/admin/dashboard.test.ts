import { decode, encode } from 'next-auth/jwt'
import { beforeAll, describe, expect, it } from 'vitest'
import { newApiKey } from '@/lib/auth/api-key-format'
import { createApiKey } from '@/lib/db/api-keys'
import { searchAudit } from '@/lib/db/audit'
import { getGeneration, startGeneration } from '@/lib/db/generations'
import { createSession, findSession } from '@/lib/db/sessions'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import type { RouteHandler } from '@/lib/http/route-handling'
import { useWorker } from '@/lib/http/testing/api-client'
import { operatorCookie, SESSION_SECRET } from '../testing/access-tenant'
import { DELETE as endImpersonation } from '../impersonation/route'
import { PATCH as changeAccount } from '../account/route'
import { GET as readConversation } from '../conversations/[id]/route'
import { POST as createKey } from '../keys/route'
import { POST as signUp } from '../sign-up/route'
import { GET as models } from '../v1/models/route'
import { POST as startImpersonation } from './impersonation/route'
import { PATCH as changeTerms } from './tenants/[id]/route'
import { PUT as suspend } from './tenants/[id]/suspension/route'
import { POST as setPrice } from './prices/route'
import { GET as readAudit } from './audit/route'
import { PUT as flipSwitch } from './switches/[name]/route'

const database = useDatabase()

let operator: string

beforeAll(async () => {
  Object.assign(process.env, { NEXTAUTH_SECRET: SESSION_SECRET, NEXTAUTH_URL: 'http://parley.test' })
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
  operator = await operatorCookie(database.ownerUrl, 'passed')
})

interface Sent {
  method?: string
  cookie?: string
  key?: string
  params?: Record<string, string>
  body?: unknown
  path?: string
}

function call(handler: RouteHandler, { method = 'POST', cookie, key, params = {}, body, path = '/api/admin/x' }: Sent): Promise<Response> {
  const headers = new Headers()
  if (cookie !== undefined) headers.set('cookie', cookie)
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
  const request = new Request(`http://parley.test${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return handler(request, { params: Promise.resolve(params) })
}

async function cookieOf(person: { orgId: string; userId: string }): Promise<string> {
  const sid = await createSession(person.userId, { orgId: person.orgId, userAgent: null, ttlSeconds: 60 })
  return `next-auth.session-token=${await encode({ token: { sid }, secret: SESSION_SECRET })}`
}

/** As a browser keeps it: null where it was told to forget it. */
function keptCookie(response: Response): string | null {
  const [pair = ''] = (response.headers.get('set-cookie') ?? '').split(';')
  return pair.endsWith('=') || pair === '' ? null : pair
}

async function claimsOf(cookie: string | null) {
  return decode({ token: cookie?.split('=')[1] ?? '', secret: SESSION_SECRET })
}

async function actions(orgId: string): Promise<string[]> {
  return (await searchAudit({ orgId, limit: 20 })).map(({ action }) => action)
}

const setSuspended = (orgId: string, suspended: boolean) =>
  call(suspend, { method: 'PUT', cookie: operator, params: { id: orgId }, body: { suspended, reason: 'Unpaid bills' } })

describe('a suspension', () => {
  it('refuses the tenant’s keys and sessions at once, stops its answers, and is taken back', async () => {
    const tenant = await makeTenant()
    const { key, prefix, hash } = newApiKey()
    await createApiKey(tenant.orgId, { name: 'Key', scopes: ['chat'], createdBy: null, expiresAt: null, prefix, hash })
    const cookie = await cookieOf(tenant)
    const { generation } = await startGeneration({
      orgId: tenant.orgId, userId: tenant.userId, requestId: 'r', kind: 'write', model: 'm', params: {}, promptTokenIds: [1], choices: 1, leaseOwner: 'test', leaseSeconds: 60, conversation: null,
    })
    expect((await setSuspended(tenant.orgId, true)).status).toBe(200)

    const refused = await call(models, { method: 'GET', key })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ error: { code: 'insufficient_permissions', message: 'The organisation is suspended.' } })
    expect((await call(createKey, { cookie, path: '/api/keys', body: { name: 'Other', scopes: ['chat'] } })).status).toBe(403)
    expect((await call(readConversation, { method: 'GET', cookie, path: '/api/conversations/x', params: { id: 'x' } })).status).toBe(403)
    expect(await getGeneration(tenant.orgId, tenant.userId, generation.id)).toMatchObject({ cancelRequested: true })
    // People keep their own account.
    expect((await call(changeAccount, { method: 'PATCH', cookie, path: '/api/account', body: { name: 'Ada' } })).status).toBe(200)

    expect((await setSuspended(tenant.orgId, false)).status).toBe(200)
    expect((await call(models, { method: 'GET', key })).status).toBe(200)
    expect(await actions(tenant.orgId)).toEqual(['organization.resumed', 'organization.suspended'])
  })

  it('wants a reason, and is recorded once however often it is asked for', async () => {
    const { orgId } = await makeTenant()
    const unsaid = await call(suspend, { method: 'PUT', cookie: operator, params: { id: orgId }, body: { suspended: true, reason: ' ' } })
    expect([unsaid.status, await unsaid.json()]).toMatchObject([400, { error: { param: 'reason' } }])
    await setSuspended(orgId, true)
    await setSuspended(orgId, true)
    expect((await searchAudit({ orgId, limit: 9 })).map(({ action, details }) => [action, details['reason']])).toEqual([['organization.suspended', 'Unpaid bills']])
  })
})

it('the API’s switch refuses every key, and each feature’s its own, until they are on again', async () => {
  const tenant = await makeTenant()
  const { key, prefix, hash } = newApiKey()
  await createApiKey(tenant.orgId, { name: 'Key', scopes: ['chat', 'translate'], createdBy: null, expiresAt: null, prefix, hash })
  const flip = (name: string, enabled: boolean) => call(flipSwitch, { method: 'PUT', cookie: operator, params: { name }, body: { enabled } })
  await flip('public_api', false)
  const refused = await call(models, { method: 'GET', key })
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'feature_disabled' } }])
  await flip('public_api', true)
  expect((await call(models, { method: 'GET', key })).status).toBe(200)

  await flip('sign_up', false)
  const person = { name: 'Eve', organization: 'Eve', email: 'eve@example.com', password: 'long enough to pass' }
  const closed = await call(signUp, { path: '/api/sign-up', body: person })
  expect([closed.status, await closed.json()]).toMatchObject([403, { error: { code: 'feature_disabled' } }])
  await flip('sign_up', true)
  expect((await call(signUp, { path: '/api/sign-up', body: person })).status).toBe(201)
  expect((await flip('everything', false)).status).toBe(404)
  const recorded = await searchAudit({ action: 'switch.changed', limit: 4 })
  expect(recorded.map(({ target, details }) => [target, details['enabled']])).toEqual([['sign_up', true], ['sign_up', false], ['public_api', true], ['public_api', false]])
})

it('plan and quotas change together or one by one, and each change is recorded with what was before', async () => {
  const { orgId } = await makeTenant()
  const change = (body: object) => call(changeTerms, { method: 'PATCH', cookie: operator, params: { id: orgId }, body })
  expect((await change({ plan: 'pro', tokenQuota: 5000, characterQuota: null })).status).toBe(200)
  expect((await change({ tokenQuota: null })).status).toBe(200)
  expect((await change({ tokenQuota: -1 })).status).toBe(400)
  expect((await change({})).status).toBe(400)
  const [latest, ...first] = (await searchAudit({ orgId, limit: 9 })).map(({ action, details: { from, to } }) => [action, from, to])
  expect(latest).toEqual(['quota.changed', 5000, null])
  // Two changes of one request may stand in the same millisecond, in either order.
  expect(first.sort()).toEqual([
    ['plan.changed', 'free', 'pro'],
    ['quota.changed', null, 5000],
  ])
})

describe('impersonation', () => {
  const begin = (person: { orgId: string; userId: string }) => call(startImpersonation, { cookie: operator, body: { ...person, reason: 'Ticket 7' } })
  const end = (cookie: string | null) => call(endImpersonation, { method: 'DELETE', path: '/api/impersonation', ...(cookie === null ? {} : { cookie }) })

  it('looks and uses, changes nothing, and leads back to the operator’s own session', async () => {
    const { orgId, userId } = await makeTenant()
    const begun = await begin({ orgId, userId })
    expect(begun.status).toBe(201)
    const cookie = keptCookie(begun)
    const claims = await claimsOf(cookie)
    const session = await findSession(String(claims?.['sid']))
    expect(session).toMatchObject({ userId, orgId, isOperator: false, impersonatedBy: expect.any(String) as unknown })
    expect((session?.expiresAt.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(60 * 60 * 1000)

    expect((await call(createKey, { cookie: cookie ?? '', path: '/api/keys', body: { name: 'Key', scopes: ['chat'] } })).status).toBe(403)
    expect((await call(changeAccount, { method: 'PATCH', cookie: cookie ?? '', path: '/api/account', body: { name: 'Eve' } })).status).toBe(403)
    // It is no operator's session, so that nobody goes on from one person to the next.
    expect((await call(startImpersonation, { cookie: cookie ?? '', body: { orgId, userId, reason: 'Ticket 8' } })).status).toBe(403)
    expect((await call(readConversation, { method: 'GET', cookie: cookie ?? '', path: '/api/conversations/x', params: { id: 'x' } })).status).toBe(404)

    const back = await end(cookie)
    expect(await back.json()).toEqual({ signedIn: true })
    expect((await claimsOf(keptCookie(back)))?.['sid']).toBe((await claimsOf(operator))?.['sid'])
    expect(await findSession(String(claims?.['sid']))).toBeNull()
    const [ended, started] = await searchAudit({ orgId, limit: 9 })
    expect([ended?.action, started?.action, started?.details['reason']]).toEqual(['impersonation.ended', 'impersonation.started', 'Ticket 7'])
    expect([ended?.actorId, started?.actorId]).toEqual([session?.impersonatedBy, session?.impersonatedBy])
    // Where the acting session is gone already, as after its hour, the way back stays open.
    expect(await (await end(cookie)).json()).toEqual({ signedIn: true })
  })

  it('needs a member, and never one who is an operator', async () => {
    const [one, other] = [await makeTenant(), await makeTenant()]
    expect((await begin({ orgId: one.orgId, userId: other.userId })).status).toBe(404)
    const own = await findSession(String((await claimsOf(operator))?.['sid']))
    expect((await begin({ orgId: own?.orgId ?? '', userId: own?.userId ?? '' })).status).toBe(403)
  })

  it('has no end for who acts as oneself, and none for who is signed out', async () => {
    expect((await end(operator)).status).toBe(409)
    expect((await end(null)).status).toBe(401)
  })
})

it('a price names each fault by its field, and is recorded for each of its plans', async () => {
  const body = { plans: ['free', 'pro'], model: '*', feature: 'chat', direction: 'prompt', price: '0.75', validFrom: null }
  for (const [param, fault] of [['price', { price: '1,5' }], ['price', { price: null }], ['plans', { plans: [] }], ['valid_from', { validFrom: '2020-01-01T00:00:00Z' }]] as const) {
    const response = await call(setPrice, { cookie: operator, body: { ...body, ...fault } })
    expect([response.status, await response.json()]).toMatchObject([400, { error: { param } }])
  }
  expect((await call(setPrice, { cookie: operator, body })).status).toBe(201)
  const recorded = await searchAudit({ action: 'price.changed', limit: 9 })
  expect(recorded.map(({ orgId, target, details }) => [orgId, target, details['micros_per_million']])).toEqual([
    [null, 'pro chat prompt *', '750000'],
    [null, 'free chat prompt *', '750000'],
  ])
})

it('the audit log comes as CSV, found as the page finds it', async () => {
  const { orgId } = await makeTenant()
  await setSuspended(orgId, true)
  const response = await call(readAudit, { method: 'GET', cookie: operator, path: `/api/admin/audit?tenant=${orgId}&action=organization` })
  const lines = (await response.text()).split('\r\n')
  expect(lines[0]).toMatch(/^time,tenant,action,/)
  expect(lines.slice(1).filter((line) => line !== '')).toEqual([expect.stringContaining(`${orgId},organization.suspended,`)])
})
