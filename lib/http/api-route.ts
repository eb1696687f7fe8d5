import type { z } from 'zod'
import type { Scope } from '@/lib/domain/permissions'
import { PLANS } from '@/lib/domain/plans'
import type { Caller } from '@/lib/services/caller'
import { authenticateKey, requireScope } from './api-key-auth'
import type { Dialect } from './error-response'
import { parseAs, parseFormOrJson, parseJson, readBody } from './request-body'
import { answerRequest, methodNotAllowed, METHODS, requestSignal, type Method, type RouteHandler, type RouteParams } from './route-handling'

/** An authenticated request of the public API. */
export interface ApiContext {
  request: Request
  url: URL
  params: RouteParams
  caller: Caller
  /** Ends when the client leaves. */
  signal: AbortSignal
  /** Ends it, for a stream whose reader has gone. */
  abort: () => void
  /** The body as JSON. Throws AppError payload_too_large, or invalid_request with the field. */
  json: <S extends z.ZodType>(schema: S) => Promise<z.output<S>>
  /** The body as a form or as JSON; fields in `lists` may repeat in a form. Throws as `json` does. */
  formOrJson: <S extends z.ZodType>(schema: S, lists: readonly string[]) => Promise<z.output<S>>
  query: <S extends z.ZodType>(schema: S) => z.output<S>
}

export interface ApiHandler {
  /** A key needs one of them; none is needed where the list is empty. */
  scopes: readonly Scope[]
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

function apiRoute(dialect: Dialect, { scopes, handle }: ApiHandler): RouteHandler {
  return (request, { params }) =>
    answerRequest(dialect, request, async (requestId) => {
      const identity = await authenticateKey(request)
      requireScope(identity, scopes)
      const { keyId, orgId, plan } = identity
      const controller = requestSignal(request)
      const url = new URL(request.url)
      const body = () => readBody(request, PLANS[plan].bodyBytes)
      return handle({
        request,
        url,
        params: (await params) ?? {},
        caller: { requestId, orgId, userId: null, keyId, plan },
        signal: controller.signal,
        abort: () => controller.abort(),
        json: async (schema) => parseAs(schema, parseJson(await body())),
        formOrJson: async (schema, lists) => parseAs(schema, await parseFormOrJson(request, await body(), lists)),
        query: (schema) => parseAs(schema, Object.fromEntries(url.searchParams)),
      })
    })
}
