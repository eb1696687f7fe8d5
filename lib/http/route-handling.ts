import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { AppError } from '@/lib/contract/errors'
import { asAppError, errorResponse, type Dialect } from './error-response'
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
 * whatever it throws into the dialect's error.
 */
export async function answerRequest(dialect: Dialect, request: Request, answer: (requestId: string) => Promise<Response>): Promise<Response> {
  const requestId = randomUUID()
  let response: Response
  try {
    response = await answer(requestId)
  } catch (error) {
    // Whatever an aborted request threw, its client has gone and nothing failed.
    response = request.signal.aborted
      ? new Response(null, { status: CLIENT_CLOSED_REQUEST })
      : errorResponse(dialect, asAppError(error, serverContext().logger, requestId))
  }
  response.headers.set('x-request-id', requestId)
  return response
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
  return (request) =>
    answerRequest(dialect, request, () => {
      const error = new AppError('method_not_allowed', `This path takes ${allowed.join(', ')}, not ${request.method}.`)
      const response = errorResponse(dialect, error)
      response.headers.set('allow', allowed.join(', '))
      return Promise.resolve(response)
    })
}

/** Every method of a path that does not exist. */
export function notFoundRoutes(dialect: Dialect): Record<Method, RouteHandler> {
  const handler: RouteHandler = (request) =>
    answerRequest(dialect, request, () => Promise.reject(new AppError('not_found', `There is no ${request.method} ${publicPath(request)}.`)))
  return { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler, OPTIONS: handler }
}

/** The path as it was asked for: what stands under /api/v1 is reached as /v1. */
export function publicPath(request: Request): string {
  return new URL(request.url).pathname.replace(/^\/api(?=\/v\d)/u, '')
}
