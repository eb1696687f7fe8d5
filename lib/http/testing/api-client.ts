import { newApiKey } from '@/lib/auth/api-key-format'
import { createApiKey } from '@/lib/db/api-keys'
import type { OrganizationTerms } from '@/lib/db/organizations'
import { makeTenant } from '@/lib/db/testing/tenant'
import { usageEvents } from '@/lib/db/usage'
import type { UsageEvent } from '@/lib/db/usage-event'
import { SCOPES, type Scope } from '@/lib/domain/permissions'
import type { Method, RouteHandler, RouteParams } from '../route-handling'
import { expectDocumented, expectDocumentedEvent } from './documented-answer'

/** Points this process, as an app process, at a worker; whatever was made for another one is forgotten. */
export function useWorker(environment: { WORKER_URL: string; WORKER_TOKEN: string; PARLEY_DATA: string }): void {
  Object.assign(process.env, environment, { LOG_LEVEL: 'silent' })
  globalThis.parleyServerContext = undefined
}

export interface TestTenant {
  orgId: string
  userId: string
  keyId: string
  key: string
}

/** An organisation with a key. */
export async function makeKey(terms: OrganizationTerms = {}, scopes: readonly Scope[] = SCOPES, expiresAt: Date | null = null): Promise<TestTenant> {
  const { orgId, userId } = await makeTenant(terms)
  const { key, prefix, hash } = newApiKey()
  const { id } = await createApiKey(orgId, { name: 'Test', scopes, createdBy: userId, expiresAt, prefix, hash })
  return { orgId, userId, keyId: id, key }
}

export async function eventsOf(orgId: string): Promise<UsageEvent[]> {
  const events: UsageEvent[] = []
  for await (const event of usageEvents(orgId, new Date(0), new Date(Date.now() + 60_000))) events.push(event)
  return events
}

export interface ApiCall {
  method?: Method
  path?: string
  key?: string | null
  /** An object is sent as JSON, URLSearchParams as a form, a text as it is. */
  body?: object | string | URLSearchParams
  headers?: Record<string, string>
  params?: RouteParams
  signal?: AbortSignal
}

/** Calls a route's handler as Next does. What a path of the public API answers is held against its documentation. */
export async function callRoute(routes: Partial<Record<Method, RouteHandler>>, call: ApiCall): Promise<Response> {
  const { method = 'POST', path = '/v1/test', key = null, body, headers = {}, params = {}, signal } = call
  const handler = routes[method]
  if (handler === undefined) throw new Error(`The route has no ${method}.`)
  const isForm = body instanceof URLSearchParams
  const sent = body === undefined || typeof body === 'string' || isForm ? body : JSON.stringify(body)
  const request = new Request(`http://parley.test${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
    ...(signal === undefined ? {} : { signal }),
  })
  const response = await handler(request, { params: Promise.resolve(params) })
  await expectDocumented(request, response)
  return response
}

/** The data of a stream's events, in order, `[DONE]` included; each is held against its documentation. */
export async function sseData(response: Response): Promise<string[]> {
  const text = await response.text()
  const events = text.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice('data: '.length)] : []))
  for (const event of events) expectDocumentedEvent(event)
  return events
}
