import type { z } from 'zod'
import { sessionOfRequest, type Session } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { PLANS } from '@/lib/domain/plans'
import type { Caller } from '@/lib/services/caller'
import { bodyDigest, idempotencyKey, idempotently } from './idempotency'
import { parseEntered, parseJson, readBody } from './request-body'
import { answerRequest, requestSignal, routePattern, type RouteHandler } from './route-handling'
import { serverContext } from './server-context'
import { requireWithinLimits } from './session-limits'

/** A request of the signed-in pages. */
export interface SessionContext {
  request: Request
  /** Of a path with more than one part under a name, the parts joined by slashes. */
  params: Record<string, string>
  requestId: string
  session: Session
  caller: Caller
  /** Ends when the page leaves. */
  signal: AbortSignal
  /** The body as JSON. Throws AppError payload_too_large, or invalid_request with the field. */
  json: <S extends z.ZodType>(schema: S) => Promise<z.output<S>>
  reply: (body: unknown, status?: number) => Response
  /**
   * Does `work` once for the request's Idempotency-Key, where it has one. Its answer holds a secret and is not kept: a
   * repeat throws AppError conflict with `done` as its sentence.
   */
  once: (work: () => Promise<Response>, done: string) => Promise<Response>
}

/** A handler behind the session cookie; errors come as `{error: {code, message, param}}`. */
export function sessionRoute(handle: (context: SessionContext) => Promise<Response>): RouteHandler {
  return async (request, context) => {
    const params = (await context.params) ?? {}
    const answer = async (requestId: string, headers: Headers): Promise<Response> => {
      requireOwnOrigin(request)
      const session = await sessionOfRequest(request)
      if (session === null) throw new AppError('unauthenticated', 'You are signed out. Sign in again.')
      requireWithinLimits(request, session)
      const { orgId, userId, plan } = session
      let read: Promise<Uint8Array<ArrayBuffer>> | undefined
      const body = () => (read ??= readBody(request, PLANS[plan].bodyBytes))
      const entries = Object.entries(params).map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join('/') : (value ?? '')])
      return handle({
        request,
        params: Object.fromEntries(entries),
        requestId,
        session,
        caller: { requestId, orgId, userId, keyId: null, plan },
        signal: requestSignal(request).signal,
        json: async (schema) => parseEntered(schema, parseJson(await body())),
        reply: (body, status = 200) => Response.json(body, { status, headers: { 'cache-control': 'no-store' } }),
        once: async (work, done) => {
          const sent = idempotencyKey(request)
          if (sent === null) return work()
          const key = { orgId, callerId: userId, route: `${request.method} ${new URL(request.url).pathname}`, idempotencyKey: sent }
          return idempotently({ key, requestId, bodyDigest: await bodyDigest(request, await body()), headers, keepsAnswer: false, done }, work)
        },
      })
    }
    return answerRequest('browser', request, answer, routePattern(request, params))
  }
}

/**
 * Writes are taken from the app's own pages alone: a browser names where a request comes from, and
 * a foreign page could send the session's cookie along.
 */
export function requireOwnOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  const foreign = origin === null ? site !== null && site !== 'same-origin' && site !== 'none' : !ownHosts(request).has(hostOf(origin))
  if (foreign) throw new AppError('insufficient_permissions', 'This request came from another site.')
}

function ownHosts(request: Request): Set<string> {
  const { NEXTAUTH_URL: configured } = serverContext().env
  const named = [request.headers.get('x-forwarded-host'), request.headers.get('host'), configured === undefined ? null : hostOf(configured)]
  return new Set([new URL(request.url).host, ...named.flatMap((host) => (host === null || host === '' ? [] : [host]))])
}

/** '' where it is no address, as for the origin `null` of a sandboxed page. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : ''
}
