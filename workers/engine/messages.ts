import { z } from 'zod'
import type { AppError, ErrorCode } from '@/lib/contract/errors'
import { workerCompletionEvent, workerCompletionRequest, workerError, workerHealth } from '@/lib/contract/worker'
import type { WorkerError } from '@/lib/contract/worker'

/** What the main thread and the engine's thread say to each other. Requests go by an id of the main thread's. */

export const threadOptions = z.object({
  backend: z.enum(['auto', 'tensorflow', 'wasm']),
  /** Why the binding to TensorFlow was not built, where whoever started the worker knows. */
  fallbackReason: z.string().nullable(),
  dataDir: z.string(),
  bundledDir: z.string(),
  defaultModel: z.string(),
  modelBytes: z.number().positive(),
  cacheBytes: z.number().positive(),
  logLevel: z.string(),
})

export type ThreadOptions = z.infer<typeof threadOptions>

export const toThread = z.discriminatedUnion('type', [
  z.object({ type: z.literal('submit'), id: z.string(), request: workerCompletionRequest }),
  z.object({ type: z.literal('cancel'), id: z.string() }),
  z.object({ type: z.literal('cancel-all') }),
])

export type ToThread = z.infer<typeof toThread>

export const fromThread = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: workerHealth }),
  z.object({ type: z.literal('accepted'), id: z.string() }),
  z.object({ type: z.literal('event'), id: z.string(), event: workerCompletionEvent }),
  z.object({ type: z.literal('end'), id: z.string() }),
  z.object({
    type: z.literal('fail'),
    id: z.string(),
    code: workerError.shape.error.shape.code,
    message: z.string(),
    retryAfter: z.number().optional(),
  }),
  /** Every request was told that it is over; none is taken any more. */
  z.object({ type: z.literal('cancelled-all') }),
])

export type FromThread = z.infer<typeof fromThread>

/** The contract between app and worker has fewer codes than the application. */
const WORKER_CODES: Record<ErrorCode, WorkerError['error']['code']> = {
  invalid_request: 'invalid_request',
  context_length_exceeded: 'invalid_request',
  content_policy_violation: 'invalid_request',
  unauthenticated: 'unauthenticated',
  invalid_api_key: 'unauthenticated',
  account_locked: 'unauthenticated',
  second_factor_required: 'unauthenticated',
  sso_required: 'unauthenticated',
  insufficient_permissions: 'unauthenticated',
  feature_disabled: 'unauthenticated',
  not_found: 'invalid_request',
  model_not_found: 'model_not_found',
  method_not_allowed: 'invalid_request',
  conflict: 'invalid_request',
  payload_too_large: 'invalid_request',
  rate_limit_exceeded: 'overloaded',
  insufficient_quota: 'overloaded',
  overloaded: 'overloaded',
  internal_error: 'internal_error',
  document_not_ready: 'invalid_request',
  model_unavailable: 'model_unavailable',
  engine_unavailable: 'internal_error',
}

export function workerErrorCode(error: AppError): WorkerError['error']['code'] {
  return WORKER_CODES[error.code]
}
