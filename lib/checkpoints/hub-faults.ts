import { setTimeout as sleep } from 'node:timers/promises'
import type { Response } from 'undici'
import { AppError } from '@/lib/contract/errors'

export interface RetryPolicy {
  /** Tries in a row that may fail before it gives up. */
  attempts: number
  /** Milliseconds before the try after the nth failure, n from 1. */
  delay: (failures: number) => number
}

/** 1, 2, 4, 8 … seconds, at most 30. */
export const PATIENT: RetryPolicy = { attempts: 6, delay: (failures) => Math.min(30_000, 500 * 2 ** failures) }

/** What the hub or the way to it did wrong, in words for a person. */
export class HubFault extends AppError {
  constructor(
    message: string,
    /** Whether trying again may help. */
    readonly transient = false,
    options: { cause?: unknown; retryAfter?: number | undefined } = {},
  ) {
    super('model_unavailable', message, options)
  }
}

function systemCodeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return null
}

/** A request that got no whole answer: unreachable, reset, timed out. */
export function networkFault(url: URL, cause: unknown): HubFault {
  const code = systemCodeOf(cause)
  const detail = code ?? (cause instanceof Error ? cause.message : 'unknown')
  return new HubFault(`${url.host} cannot be reached or broke off (${detail}). Is this machine online? HF_ENDPOINT can name a mirror.`, true, { cause })
}

/** An answer of 4xx or 5xx. The hub's header `x-error-code` tells apart what the status does not. */
export function answerFault(response: Response, asked: { url: URL; endpoint: URL; repo: string; hasToken: boolean }): AppError {
  const code = response.headers.get('x-error-code') ?? ''
  const { repo, hasToken } = asked
  const page = `${asked.endpoint.origin}/${repo}`
  if (code === 'GatedRepo') {
    const next = hasToken ? 'and use a token of an account that has it' : 'and set HF_TOKEN to a token of that account'
    return new AppError('insufficient_permissions', `${repo} is gated. Ask for access on ${page} ${next}.`, { param: 'repo' })
  }
  if (code === 'RevisionNotFound') return new AppError('not_found', `${repo} has no such revision.`, { param: 'revision' })
  if (code === 'RepoNotFound') {
    return new AppError('not_found', `There is no model ${repo} at ${asked.endpoint.host}, or it is private${hasToken ? ' and HF_TOKEN does not reach it' : ' and wants HF_TOKEN'}.`, { param: 'repo' })
  }
  if (response.status === 401 || response.status === 403) {
    const reason = hasToken ? 'HF_TOKEN is not accepted for it' : 'it does not exist, or it is private or gated and wants HF_TOKEN'
    return new AppError('insufficient_permissions', `${asked.url.host} refuses ${repo}: ${reason}.`, { param: 'repo' })
  }
  if (response.status === 404) {
    return new AppError('not_found', `There is no ${asked.url.pathname.includes('/resolve/') ? `${asked.url.pathname} in ${repo}` : `model ${repo}`} at ${asked.endpoint.host}.`, { param: 'repo' })
  }
  const transient = response.status >= 500 || response.status === 429 || response.status === 408
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new HubFault(`${asked.url.host} answered ${response.status}.`, transient, { retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined })
}

/** Waits as the policy says after the nth failure in a row, or rethrows: a lasting fault, or one failure too many. */
export async function waitOrGiveUp(error: unknown, failures: number, policy: RetryPolicy): Promise<void> {
  if (!(error instanceof HubFault) || !error.transient || failures >= policy.attempts) throw error
  await sleep(Math.max(policy.delay(failures), Math.min(error.retryAfter ?? 0, 120) * 1000))
}

export async function retrying<T>(policy: RetryPolicy, work: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work()
    } catch (error) {
      await waitOrGiveUp(error, failures, policy)
    }
  }
}
