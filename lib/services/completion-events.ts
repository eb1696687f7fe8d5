import { AppError } from '@/lib/contract/errors'
import type { FinishReason } from '@/lib/contract/openai'
import type { ModeratedChoice } from './moderation'

/** An end of a choice in the public API's terms: there is no finish reason `cancelled`. */
export function publicFinishReason(reason: ModeratedChoice['finish_reason']): FinishReason | null {
  if (reason !== 'cancelled') return reason
  throw new AppError('engine_unavailable', 'The model server gave the answer up half-way. Try again.')
}

/** JSON has no infinity: a token that was forbidden has this log-probability. */
const LOWEST_LOGPROB = -9999

export function jsonLogprob(logprob: number): number {
  return Math.max(logprob, LOWEST_LOGPROB)
}
