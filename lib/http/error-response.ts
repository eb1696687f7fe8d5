import type { Logger } from 'pino'
import type { z } from 'zod'
import type { browserErrorBody } from '@/lib/contract/browser'
import type { DeeplError } from '@/lib/contract/deepl'
import { AppError, type ErrorCode } from '@/lib/contract/errors'
import type { OpenaiError } from '@/lib/contract/openai'

/** Whose envelope and status codes an error is answered in. */
export type Dialect = 'openai' | 'deepl' | 'browser'

const OPENAI_TYPES: Partial<Record<ErrorCode, string>> = {
  insufficient_quota: 'insufficient_quota',
  rate_limit_exceeded: 'requests',
  overloaded: 'server_error',
  internal_error: 'server_error',
  model_unavailable: 'server_error',
  engine_unavailable: 'server_error',
}

/** Whatever was thrown, as something that may be sent; what is not an AppError is logged and told to nobody. */
export function asAppError(error: unknown, logger: Logger, requestId: string): AppError {
  if (error instanceof AppError) {
    if (error.status >= 500) logger.error({ err: error, requestId }, error.message)
    return error
  }
  logger.error({ err: error, requestId }, 'a request failed')
  return new AppError('internal_error', 'Something went wrong on the server. Try again later.')
}

export function errorBody(dialect: Dialect, error: AppError): OpenaiError | DeeplError | z.input<typeof browserErrorBody> {
  const { code, message, param = null } = error
  switch (dialect) {
    case 'openai':
      return { error: { message, type: OPENAI_TYPES[code] ?? 'invalid_request_error', param, code } }
    case 'deepl':
      return { message }
    case 'browser':
      return { error: { code, message, param } }
  }
}

export function errorResponse(dialect: Dialect, error: AppError): Response {
  const headers = new Headers()
  if (error.retryAfter !== undefined) headers.set('retry-after', String(error.retryAfter))
  else if (error.code === 'overloaded' || error.code === 'engine_unavailable') headers.set('retry-after', '1')
  // The official clients would repeat a request whose quota stays used up.
  if (error.code === 'insufficient_quota') headers.set('x-should-retry', 'false')
  return Response.json(errorBody(dialect, error), { status: statusOf(dialect, error), headers })
}

/** The status that a dialect has for an error. */
export function statusOf(dialect: Dialect, error: AppError): number {
  if (dialect !== 'deepl') return error.status
  if (error.code === 'insufficient_quota') return 456
  return error.status === 401 ? 403 : error.status
}
