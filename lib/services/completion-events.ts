import { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionEvent } from '@/lib/contract/worker'

type WorkerChoice = WorkerCompletionEvent['choices'][number]

/** A worker's choice in the public API's terms: there is no finish reason `cancelled`. */
export function publicFinishReason(reason: WorkerChoice['finish_reason']): 'stop' | 'length' | null {
  if (reason !== 'cancelled') return reason
  throw new AppError('engine_unavailable', 'The model server gave the answer up half-way. Try again.')
}

/** JSON has no infinity: a token that was forbidden has this log-probability. */
const LOWEST_LOGPROB = -9999

export function jsonLogprob(logprob: number): number {
  return Math.max(logprob, LOWEST_LOGPROB)
}
