import type { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import type { ApiKeyIdentity } from '@/lib/db/admission'
import type { Scope } from '@/lib/domain/permissions'
import { PLANS, type Plan } from '@/lib/domain/plans'
import type { Caller } from '@/lib/services/caller'
import { requireFeature } from '@/lib/services/require-feature'
import { admitKey, requireKey, requireScope } from './api-key-auth'
import type { Dialect } from './error-response'
import { bodyDigest, idempotencyKey, idempotently } from './idempotency'
import { requireAdmitted, setRateHeaders } from './rate-limit'
import { parseAs, parseFormOrJson, parseJson, readBody } from './request-body'
import { answerRequest, methodNotAllowed, METHODS, requestSignal, routePattern, type Method, type RouteHandler, type RouteParams } from './route-handling'
import { isStream, tappedResponse } from './tapped-response'
import { watchKey } from './watch-key'

/** An authenticated request of the public API. */
export interface ApiContext {
  request: Request
  url: URL
  params: RouteParams
  caller: Caller
  /** Ends when the client leaves, or with an AppError when its key does. */
  signal: AbortSignal
  /** Ends it, for a stream whose reader has gone. */
  abort: () => void
  /** Says that a stream ends with an error: it is not kept for a repeat of the request. */
  spoil: () => void
  /** The whole body, read once. Throws AppError payload_too_large. */
  body: () => Promise<Uint8Array<ArrayBuffer>>
  /** The body as JSON. Throws AppError payload_too_large, or invalid_request with the field. */
  json: <S extends z.ZodType>(schema: S) => Promise<z.output<S>>
  /** The body as a form or as JSON; fields in `lists` may repeat in a form. Throws as `json` does. */
  formOrJson: <S extends z.ZodType>(schema: S, lists: readonly string[]) => Promise<z.output<S>>
  query: <S extends z.ZodType>(schema: S) => z.output<S>
}

export interface ApiHandler {
  /** A key needs one of them; none is needed where the list is empty. */
  scopes: readonly Scope[]
  /** The largest body; the plan's own unless told. */
  bodyBytes?: (plan: Plan) => number
  handle: (context: ApiContext) => Promise<Response>
}

/** A path's handlers for all methods: those given, behind an API key, and 405 for the others. */
export function apiRoutes(dialect: Dialect, handlers: Partial<Record<Method, ApiHandler>>): Record<Method, RouteHandler> {
  const refused = methodNotAllowed(dialect, METHODS.filter((method) => handlers[method] !== undefined))
  const handlerOf = (method: Method): RouteHandler => {
    const handler = handlers[method]
    return handler === undefined ? refused : apiRoute(dialect, handler)
  }
  return {
    GET: handlerOf('GET'),
    POST: handlerOf('POST'),
    PUT: handlerOf('PUT'),
    PATCH: handlerOf('PATCH'),
    DELETE: handlerOf('DELETE'),
    OPTIONS: refused,
  }
}

function apiRoute(dialect: Dialect, handler: ApiHandler): RouteHandler {
  return async (request, context) => {
    const params = (await context.params) ?? {}
    const route = routePattern(request, params)
    const answer = async (requestId: string, headers: Headers): Promise<Response> => {
      const admission = await admitKey(request)
      const tokenRate = admission.tokens === null ? undefined : { limit: admission.tokens.limit, remaining: admission.tokens.remaining }
      try {
        requireAdmitted(admission)
        const identity = requireKey(request, admission)
        requireScope(identity, handler.scopes)
        await requireFeature('public_api')
        const { keyId, orgId, plan } = identity
        return await handleOnce({ handler, request, route, params, identity, headers, caller: { requestId, orgId, userId: null, keyId, plan, tokenRate } })
      } finally {
        setRateHeaders(headers, admission, tokenRate)
      }
    }
    return answerRequest(dialect, request, answer, route)
  }
}

interface AdmittedRequest {
  handler: ApiHandler
  request: Request
  route: string
  params: RouteParams
  identity: ApiKeyIdentity
  headers: Headers
  caller: Caller
}

/** Handles a request for as long as its client and its key are there; once, where it names an idempotency key. */
async function handleOnce({ handler, request, route, params, identity, headers, caller }: AdmittedRequest): Promise<Response> {
  const { keyId, orgId, plan } = identity
  const url = new URL(request.url)
  const controller = requestSignal(request)
  let read: Promise<Uint8Array<ArrayBuffer>> | undefined
  const body = () => (read ??= readBody(request, handler.bodyBytes?.(plan) ?? PLANS[plan].bodyBytes))
  let spoiled = false
  const context: ApiContext = {
    request,
    url,
    params,
    caller,
    signal: controller.signal,
    abort: () => controller.abort(),
    spoil: () => (spoiled = true),
    body,
    json: async (schema) => parseAs(schema, parseJson(await body())),
    formOrJson: async (schema, lists) => parseAs(schema, await parseFormOrJson(request, await body(), lists)),
    query: (schema) => parseAs(schema, Object.fromEntries(url.searchParams)),
  }
  const run = () => whileKeyHolds(identity, controller, () => handler.handle(context))
  const sent = request.method === 'POST' ? idempotencyKey(request) : null
  if (sent === null) return run()
  const key = { orgId, callerId: keyId, route: `${request.method} ${route}`, idempotencyKey: sent }
  const digest = await bodyDigest(request, await body())
  return idempotently({ key, requestId: caller.requestId, bodyDigest: digest, headers, keepsAnswer: true, spoiled: () => spoiled }, run)
}

/** Runs `work` until it has answered, its stream to the end, or until the key's access ends. */
async function whileKeyHolds(key: ApiKeyIdentity, controller: AbortController, work: () => Promise<Response>): Promise<Response> {
  const unwatch = watchKey(key, controller)
  try {
    const response = await work()
    if (isStream(response)) return tappedResponse(response, { onEnd: unwatch })
    unwatch()
    return response
  } catch (error) {
    unwatch()
    // Whatever the end of the key's access was turned into on its way here.
    throw controller.signal.reason instanceof AppError ? controller.signal.reason : error
  }
}
