import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { newApiKey } from '@/lib/auth/api-key-format'
import { useDatabase } from '@/lib/db/testing/database'
import { can, ROLES, SCOPES, type Action, type Scope } from '@/lib/domain/permissions'
import { METHODS, type Method, type RouteHandler } from '@/lib/http/route-handling'
import { useWorker } from '@/lib/http/testing/api-client'
import { ROUTE_ACCESS, type IdOf, type RouteAccess } from './route-access'
import { makeAccessTenant, operatorCookie, SESSION_SECRET, type AccessTenant } from './testing/access-tenant'

const database = useDatabase()

const APP = path.resolve(import.meta.dirname, '..')
const METRICS_TOKEN = 'the token of the route access test'

let tenant: AccessTenant
let stranger: AccessTenant

beforeAll(async () => {
  Object.assign(process.env, { NEXTAUTH_SECRET: SESSION_SECRET, NEXTAUTH_URL: 'http://parley.test', METRICS_TOKEN, RATE_LIMIT_ADDRESS: 'failures=100000' })
  // Nothing listens there: what is let in ends at the worker, if not before.
  useWorker({ WORKER_URL: 'http://127.0.0.1:9', WORKER_TOKEN: 'none', PARLEY_DATA: '/nonexistent' })
  tenant = await makeAccessTenant(database.ownerUrl)
  stranger = await makeAccessTenant(database.ownerUrl)
})

type Handlers = Partial<Record<Method, RouteHandler>>

function handlersOf(folder: string): Promise<Handlers> {
  return import(path.join(APP, folder, 'route.ts')) as Promise<Handlers> // a route file exports handlers by method
}

/** Calls a route as Next does. Its ids come from `id`; `sent` is the credential. */
async function call(row: RouteAccess, method: Method, id: IdOf, sent: Record<string, string>): Promise<number> {
  const { params = {}, query, body, headers = {} } = row.call(id)
  const { [method]: handler } = await handlersOf(row.path)
  if (handler === undefined) throw new Error(`${row.path} has no ${method}.`)
  const segments = row.path.split('/').map((part) => {
    const name = /^\[+(?:\.\.\.)?(\w+)\]+$/u.exec(part)?.[1]
    return name === undefined ? part : [params[name] ?? []].flat().join('/')
  })
  const encoded = body === undefined || body instanceof FormData || body instanceof URLSearchParams ? body : JSON.stringify(body)
  const request = new Request(`http://parley.test/${segments.join('/')}${query === undefined ? '' : `?${query}`}`, {
    method,
    headers: { ...(typeof encoded === 'string' ? { 'content-type': 'application/json' } : {}), ...headers, ...sent },
    ...(encoded === undefined ? {} : { body: encoded }),
  })
  const response = await handler(request, { params: Promise.resolve(params) })
  await response.body?.cancel()
  return response.status
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const cookie = (value: string) => ({ cookie: value })

/** What comes before the question whose ids are asked for. */
const REFUSALS = [401, 403, 404, 405]

function usesIds(row: RouteAccess): boolean {
  let used = false
  row.call((...args) => {
    used = true
    return tenant.id(...args)
  })
  return used
}

/** Ids that are another tenant's, nobody's and none at all: the answer is the same. */
async function seesNothingElse(row: RouteAccess, method: Method, sent: Record<string, string>): Promise<void> {
  if (!usesIds(row)) return
  expect(await call(row, method, stranger.id, sent), "another tenant's ids").toBe(404)
  expect(await call(row, method, () => randomUUID(), sent), "nobody's ids").toBe(404)
  expect(await call(row, method, () => 'no-id', sent), 'malformed ids').toBe(404)
}

/** What a call that succeeds may change is not to be missed by the calls after it. */
function tenantFor(row: RouteAccess, method: Method): Promise<AccessTenant> {
  const harmless = method === 'GET' || (method === 'POST' && !usesIds(row))
  return harmless ? Promise.resolve(tenant) : makeAccessTenant(database.ownerUrl)
}

const others = (scopes: readonly Scope[]) => SCOPES.filter((scope) => !scopes.includes(scope))

async function keyRoute(row: RouteAccess, method: Method, { dialect, scopes }: { dialect: string; scopes: readonly Scope[] }): Promise<void> {
  const unauthenticated = dialect === 'deepl' ? 403 : 401
  expect(await call(row, method, tenant.id, {}), 'no key').toBe(unauthenticated)
  expect(await call(row, method, tenant.id, cookie(await tenant.cookieOf('owner'))), 'a session for a key').toBe(unauthenticated)
  for (const [name, wrong] of [['unknown', newApiKey().key], ['revoked', await tenant.revokedKey()], ['expired', await tenant.expiredKey()], ['mistyped', 'pk_nonsense']] as const) {
    expect(await call(row, method, tenant.id, bearer(wrong)), `a key that is ${name}`).toBe(unauthenticated)
  }
  if (scopes.length > 0) expect(await call(row, method, tenant.id, bearer(await tenant.key(others(scopes)))), 'every other scope').toBe(403)
  await seesNothingElse(row, method, bearer(await tenant.key(SCOPES)))
  for (const scope of scopes.length === 0 ? SCOPES.slice(0, 1) : scopes) {
    const fresh = await tenantFor(row, method)
    expect(REFUSALS, `the scope ${scope}`).not.toContain(await call(row, method, fresh.id, bearer(await fresh.key([scope]))))
  }
}

async function sessionRoute(row: RouteAccess, method: Method, action: Action | null): Promise<void> {
  expect(await call(row, method, tenant.id, {}), 'no session').toBe(401)
  expect(await call(row, method, tenant.id, cookie(await tenant.endedCookie())), 'an ended session').toBe(401)
  expect(await call(row, method, tenant.id, bearer(await tenant.key(SCOPES))), 'a key for a session').toBe(401)
  const reaching = ROLES.filter((role) => action === null || can(role, action))
  for (const role of ROLES.filter((name) => !reaching.includes(name))) {
    expect(await call(row, method, tenant.id, cookie(await tenant.cookieOf(role))), `the role ${role}`).toBe(403)
  }
  const least = reaching.includes('owner') ? 'owner' : (reaching[0] ?? 'owner')
  await seesNothingElse(row, method, cookie(await tenant.cookieOf(least)))
  const fresh = await tenantFor(row, method)
  expect(REFUSALS, 'a role that reaches').not.toContain(await call(row, method, fresh.id, cookie(await fresh.cookieOf(least))))
}

async function operatorRoute(row: RouteAccess, method: Method): Promise<void> {
  expect(await call(row, method, tenant.id, {}), 'no session').toBe(401)
  expect(await call(row, method, tenant.id, cookie(await tenant.endedCookie())), 'an ended session').toBe(401)
  for (const role of ROLES) expect(await call(row, method, tenant.id, cookie(await tenant.cookieOf(role))), `the role ${role}`).toBe(403)
  expect(await call(row, method, tenant.id, cookie(await operatorCookie(database.ownerUrl, 'none'))), 'no second factor').toBe(403)
  const operator = cookie(await operatorCookie(database.ownerUrl, 'passed'))
  if (usesIds(row)) {
    expect(await call(row, method, () => randomUUID(), operator), "nobody's ids").toBe(404)
    expect(await call(row, method, () => 'no-id', operator), 'malformed ids').toBe(404)
  }
  const fresh = await tenantFor(row, method)
  expect(REFUSALS, 'an operator').not.toContain(await call(row, method, fresh.id, operator))
}

async function metricsRoute(row: RouteAccess, method: Method): Promise<void> {
  expect(await call(row, method, tenant.id, {}), 'no token').toBe(401)
  expect(await call(row, method, tenant.id, bearer('another token')), 'another token').toBe(401)
  expect(await call(row, method, tenant.id, bearer(await tenant.key(SCOPES))), 'a key').toBe(401)
  expect(await call(row, method, tenant.id, bearer(METRICS_TOKEN)), 'the token').toBe(200)
}

const cases = ROUTE_ACCESS.flatMap((row) => row.methods.map((method) => ({ name: `${method} ${row.path}`, row, method })))

describe('who may call it', () => {
  test.each(cases)('$name', async ({ row, method }) => {
    const { credential } = row
    switch (credential.kind) {
      case 'key':
        return keyRoute(row, method, credential)
      case 'session':
        return sessionRoute(row, method, credential.action)
      case 'operator':
        return operatorRoute(row, method)
      case 'metrics-token':
        return metricsRoute(row, method)
      case 'nothing':
        expect(await call(row, method, tenant.id, {})).toBe(404)
        return
      case 'open':
        // NextAuth's own handler runs inside Next alone: e2e signs in.
        if (row.path.startsWith('api/auth/')) return
        expect([401, 403, 405]).not.toContain(await call(row, method, tenant.id, {}))
    }
  })
})

test('every method of every route file has a row, or answers 405', async () => {
  const files = await readdir(APP, { recursive: true })
  const folders = files.filter((file) => path.basename(file) === 'route.ts').map((file) => path.dirname(file))
  expect(folders.length).toBeGreaterThan(20)
  const missing: string[] = []
  for (const folder of folders) {
    const handlers = await handlersOf(folder)
    for (const method of METHODS) {
      const { [method]: handler } = handlers
      const known = ROUTE_ACCESS.some((row) => row.path === folder && row.methods.includes(method))
      if (handler === undefined || known) continue
      const response = await handler(new Request(`http://parley.test/${folder}`, { method }), { params: Promise.resolve({}) }).catch(() => null)
      if (response?.status !== 405) missing.push(`${method} ${folder}`)
    }
  }
  expect(missing, 'add their rows to app/api/route-access.ts').toEqual([])
  expect(cases.filter(({ row }) => !folders.includes(row.path)).map(({ name }) => name), 'rows without a route').toEqual([])
})
