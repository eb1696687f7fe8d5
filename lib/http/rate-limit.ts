import { AppError } from '@/lib/contract/errors'
import type { Admission } from '@/lib/db/admission'
import { takeRateTokens } from '@/lib/db/rate-limit'
import type { AddressRate, TokenRate } from '@/lib/domain/rate-limits'
import { clientAddress } from './client-address'
import { metrics } from './metrics'
import { serverContext } from './server-context'

/** What of a limited page is counted by address; requests of the API are counted when they are admitted. */
export type LimitedPage = Exclude<AddressRate, 'requests' | 'failures'>

const REFUSALS: Record<LimitedPage, string> = {
  'sign-in': 'There were too many attempts to sign in from your network.',
  'sign-up': 'There were too many new accounts from your network.',
  'password-reset': 'There were too many password resets from your network.',
  invitations: 'There were too many invitations from your network.',
}

/** Counts a request against what its address may do. Throws AppError rate_limit_exceeded with the seconds to wait. */
export async function limitAddress(request: Request, kind: LimitedPage): Promise<void> {
  const rate = serverContext().rateLimits.address[kind]
  if (rate.limit === 0) return
  const taken = await takeRateTokens(`${kind}:${clientAddress(request)}`, rate)
  if (taken.admitted) return
  metrics().limited.inc({ limit: kind })
  const retryAfter = secondsUp(taken.retryAfterMs)
  throw new AppError('rate_limit_exceeded', `${REFUSALS[kind]} Try again in ${waitText(retryAfter)}.`, { retryAfter })
}

const WHOSE: Record<string, string> = { key: 'this API key', tenant: 'your organisation', address: 'your network address', failure: 'requests without a valid API key' }

/** Throws AppError rate_limit_exceeded where a bucket refuses the request. */
export function requireAdmitted({ requests }: Admission): void {
  if (requests === null || requests.admitted) return
  const [limit = ''] = requests.bucket.split(':')
  metrics().limited.inc({ limit })
  const retryAfter = secondsUp(requests.retryAfterMs)
  const whose = WHOSE[limit] ?? 'this request'
  throw new AppError('rate_limit_exceeded', `The limit of ${requests.limit} requests a minute for ${whose} is reached. Try again in ${waitText(retryAfter)}.`, { retryAfter })
}

/** OpenAI's headers: the tightest limit of requests, and the tenant's of tokens. */
export function setRateHeaders(headers: Headers, admission: Admission, tokens: TokenRate | undefined): void {
  const { requests } = admission
  if (requests !== null) setRate(headers, 'requests', requests.limit, requests.remaining, requests.fullAfterMs)
  if (tokens !== undefined && admission.tokens !== null) {
    // What this request took comes back at `limit` a minute.
    const taken = Math.max(admission.tokens.remaining - tokens.remaining, 0)
    setRate(headers, 'tokens', tokens.limit, tokens.remaining, admission.tokens.fullAfterMs + (taken * 60_000) / tokens.limit)
  }
}

function setRate(headers: Headers, kind: 'requests' | 'tokens', limit: number, remaining: number, fullAfterMs: number): void {
  headers.set(`x-ratelimit-limit-${kind}`, String(limit))
  headers.set(`x-ratelimit-remaining-${kind}`, String(remaining))
  headers.set(`x-ratelimit-reset-${kind}`, durationText(fullAfterMs))
}

/** As OpenAI writes it: `120ms`, `6.5s`, `1m30s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`
  const seconds = Math.ceil(ms / 100) / 10
  if (seconds < 60) return `${seconds}s`
  return `${Math.floor(seconds / 60)}m${Math.ceil(seconds % 60)}s`
}

function waitText(seconds: number): string {
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

function secondsUp(ms: number): number {
  return Math.max(Math.ceil(ms / 1000), 1)
}
