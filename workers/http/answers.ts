import type { ServerResponse } from 'node:http'
import { AppError } from '@/lib/contract/errors'
import type { WorkerError } from '@/lib/contract/worker'
import { workerErrorCode } from '@/workers/engine/messages'

export function workerErrorBody(error: AppError): WorkerError {
  return { error: { code: workerErrorCode(error), message: error.message } }
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export function sendError(response: ServerResponse, error: AppError): void {
  const retry = error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) }
  // What the client still sends of a body that was refused is not read.
  const close = error.code === 'payload_too_large' ? { connection: 'close' } : {}
  sendJson(response, error.status, workerErrorBody(error), { ...retry, ...close })
}

/** Anything that is not meant to be shown becomes a plain internal error that keeps its cause for the log. */
export function asAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal_error', 'The worker failed in this request; its log says why.', { cause: error })
}
