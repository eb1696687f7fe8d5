import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { AppError } from '@/lib/contract/errors'
import { asAppError, errorResponse, type Dialect } from './error-response'
import { observeRequest } from './metrics'
import { serverContext } from './server-context'

export type RouteParams = Record<string, string | string[] | undefined>

/** A route handler as Next calls it; a path without a variable part has no `params`. */
export type RouteHandler = (request: Request, context: { params: Promise<RouteParams | undefined> }) => Promise<Response>

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export type Method = (typeof METHODS)[number]

/** Nginx's word for it; nobody is there to read it. */
const CLIENT_CLOSED_REQUEST = 499

/**
 * Runs `answer` under a new request id, which every response carries as `x-request-id`, and turns
 * whatever it throws into the dialect's error. `answer` may set more headers that the response is to
 * carry however it ends. `route` names the path's pattern, for the metrics.
 */
export async function answerRequest(
  dialect: Dialect,
  request: Request,
  answer: (requestId: string, headers: Headers) => Promise<Response>,
  route = new URL(request.url).pathname,
): Promise<Response> {
  const requestId = randomUUID()
  const headers = new Headers({ 'x-request-id': requestId })
  const observed = observeRequest(request.method, route)
  let response: Response
  try {
    response = await answer(requestId, headers)
  } catch (error) {
    // Whatever an aborted request threw, its client has gone and nothing failed.
    response = request.signal.aborted
      ? new Response(null, { status: CLIENT_CLOSED_REQUEST })
      : errorResponse(dialect, asAppError(error, serverContext().logger, requestId))
  }
  for (const [name, value] of headers) response.headers.set(name, value)
  observed(response.status)
  return response
}

/** The path's pattern, as in `/v1/models/:name`: its variable parts by their names. */
export function routePattern(request: Request, params: RouteParams): string {
  const values = Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat()] as const]))
  const parts = publicPath(request).split('/').map((part) => {
    const text = decoded(part)
    const found = values.find(([, texts]) => texts.includes(text) || texts.includes(part))
    return found === undefined ? part : `:${found[0]}`
  })
  return parts.filter((part, index) => !part.startsWith(':') || part !== parts[index - 1]).join('/')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** A signal that ends with the request's own, and can be ended before. */
export function requestSignal(request: Request): AbortController {
  const controller = new AbortController()
  // A translation listens once for each sentence in flight, which is no leak.
  setMaxListeners(0, controller.signal)
  const abort = (): void => controller.abort(request.signal.reason)
  if (request.signal.aborted) abort()
  else request.signal.addEventListener('abort', abort, { once: true })
  return controller
}

export function methodNotAllowed(dialect: Dialect, allowed: readonly Method[]): RouteHandler {
  return async (request, { params }) =>
    answerRequest(
      dialect,
      request,
      (_, headers) => {
        headers.set('allow', allowed.join(', '))
        return Promise.reject(new AppError('method_not_allowed', `This path takes ${allowed.join(', ')}, not ${request.method}.`))
      },
      routePattern(request, (await params) ?? {}),
    )
}

/** Every method of a path that does not exist. */
export function notFoundRoutes(dialect: Dialect): Record<Method, RouteHandler> {
  const handler: RouteHandler = (request) =>
    answerRequest(dialect, request, () => Promise.reject(new AppError('not_found', `There is no ${request.method} ${publicPath(request)}.`)), 'none')
  return { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler, OPTIONS: handler }
}

/** The path as it was asked for: what stands under /api/v1 is reached as /v1. */
export function publicPath(request: Request): string {
  return new URL(request.url).pathname.replace(/^\/api(?=\/v\d)/u, '')
}
