import { AppError } from '@/lib/contract/errors'
import type { Feature } from '@/lib/contract/feature'
import { PLAN_NAMES, PLANS } from '@/lib/domain/plans'
import { limitsOf, periodOf } from '@/lib/domain/quota'
import type { TokenRate } from '@/lib/domain/rate-limits'
import { appClient } from './client'
import { whateverTheConnection } from './connection-loss'
import { databaseError, UNIQUE_VIOLATION } from './database-error'
import { findOrganization } from './organizations'
import { withTenant } from './tenant'
import { isUuid } from './uuid'

export interface Hold {
  /** The key of the hold and of the event that it becomes. */
  requestId: string
  userId: string | null
  keyId: string | null
  model: string
  feature: Feature
  /** The most that it can use: prompt and completion together. */
  tokens: number
  /** Those of `tokens` that are known to be prompt, which may be cheaper; the budget holds the rest at the dearer price. */
  promptTokens?: number
  characters: number
  trainingTokens?: number
  /** After that the sweeper takes it for dead, unless it is extended. */
  ttlSeconds: number
}

export interface Use {
  promptTokens: number
  completionTokens: number
  characters: number
  trainingTokens?: number
}

/** By plan, as the SQL functions of the ledger read it. */
export const PLAN_LIMITS = JSON.stringify(
  Object.fromEntries(PLAN_NAMES.map((plan) => [plan, { tokens: PLANS[plan].monthlyTokens, characters: PLANS[plan].monthlyCharacters }])),
)

/**
 * Holds the most that a request can use, in one round trip, under the quotas of its organisation, its
 * member and its key and under the budget; concurrent requests cannot together pass any of them.
 * With a `rate` the same statement takes the tokens from the tenant's minute.
 * AppError `insufficient_quota`, whose message names the quota, `rate_limit_exceeded` where the minute does not
 * cover it, `insufficient_permissions` where the organisation is suspended, `not_found` where there is none, `conflict` where the request id was used before.
 */
export async function placeHold(orgId: string, hold: Hold, rate?: TokenRate): Promise<void> {
  if (!isUuid(orgId)) throw new AppError('not_found', 'There is no such organisation.')
  try {
    const [row] = await appClient().$queryRaw<{ left: bigint | null }[]>`SELECT take_tokens(${orgId}::uuid, ${rate?.limit ?? null}::bigint, ${hold.tokens}::bigint) AS left, ledger_hold(
      ${orgId}::uuid, ${hold.requestId}, ${hold.userId}::uuid, ${hold.keyId}::uuid, ${hold.model}, ${hold.feature}::feature,
      ${hold.tokens}::bigint, ${hold.characters}::bigint, make_interval(secs => ${hold.ttlSeconds}), ${PLAN_LIMITS}::jsonb,
      ${hold.promptTokens ?? 0}::bigint, ${hold.trainingTokens ?? 0}::bigint)::text`
    if (rate !== undefined && typeof row?.left === 'bigint') rate.remaining = Number(row.left)
  } catch (cause) {
    throw holdRefusal(cause) ?? cause
  }
}

function holdRefusal(cause: unknown): AppError | null {
  const fault = databaseError(cause)
  if (fault === null) return null
  switch (fault.sqlState) {
    case 'PQ001': {
      const retryAfter = Math.ceil((periodOf(new Date()).end.getTime() - Date.now()) / 1000)
      return new AppError('insufficient_quota', fault.message, { cause, retryAfter })
    }
    case 'PQ002':
      return new AppError('insufficient_permissions', fault.message, { cause })
    case 'PQ003':
      return new AppError('not_found', fault.message, { cause })
    case 'PQ010':
      return new AppError('rate_limit_exceeded', fault.message, { cause, retryAfter: Math.max(1, Math.ceil(Number(fault.hint ?? 0) / 1000)) })
    case UNIQUE_VIOLATION:
      return new AppError('conflict', 'This request id was used before.', { cause })
    default:
      return null
  }
}

export interface Settlement {
  /** Of the request's one event, in whole micro-units. */
  costMicros: bigint
  /** Whether this call made the event; false where it was there before. */
  settled: boolean
}

/** What a request took from its tenant's minute and did not use; below 0 where it used more. */
export interface UnusedRate {
  limit: number
  tokens: number
}

/**
 * Turns a hold into its one usage event, priced by the list that was valid when it was placed, and
 * gives the rest back. It is tried again where the connection is lost: what was used is not forgotten,
 * and not counted twice. Rejects where the request was never held.
 */
export async function settleHold(orgId: string, requestId: string, used: Use, unused?: UnusedRate): Promise<Settlement> {
  const [row] = await whateverTheConnection(() => appClient().$queryRaw<{ settled: boolean; cost_micros: bigint }[]>`
    SELECT settled, cost_micros FROM return_tokens(${orgId}::uuid, ${unused?.limit ?? null}::bigint, ${unused?.tokens ?? 0}::bigint) AS returned(org)
    CROSS JOIN LATERAL ledger_settle(
      returned.org, ${requestId}, ${used.promptTokens}::bigint, ${used.completionTokens}::bigint, ${used.characters}::bigint,
      ${used.trainingTokens ?? 0}::bigint)`)
  if (row === undefined) throw new Error(`The request ${requestId} was neither settled nor refused.`)
  return { costMicros: row.cost_micros, settled: row.settled }
}

/** Gives a hold back without an event: nothing was computed. Harmless where it was settled or released before. */
export async function releaseHold(orgId: string, requestId: string, unused?: UnusedRate): Promise<void> {
  await whateverTheConnection(() => appClient().$queryRaw`
    SELECT ledger_release(returned.org, ${requestId}, false)::text
    FROM return_tokens(${orgId}::uuid, ${unused?.limit ?? null}::bigint, ${unused?.tokens ?? 0}::bigint) AS returned(org)`)
}

/**
 * Keeps a long request's hold from the sweeper, in one round trip. `soFar` is what the sweeper settles
 * should this process die; it never falls. False where there is no live hold.
 */
export async function extendHold(orgId: string, requestId: string, extension: { ttlSeconds: number; soFar?: Use }): Promise<boolean> {
  const { ttlSeconds, soFar } = extension
  const [row] = await whateverTheConnection(() => appClient().$queryRaw<{ extended: boolean }[]>`
    SELECT ledger_note(
      ${orgId}::uuid, ${requestId}, make_interval(secs => ${ttlSeconds}), ${soFar?.promptTokens ?? null}::bigint, ${soFar?.completionTokens ?? null}::bigint,
      ${soFar?.characters ?? null}::bigint, ${soFar?.trainingTokens ?? null}::bigint) AS extended`)
  return row?.extended === true
}

export interface PlannedRequest {
  userId?: string | null
  keyId?: string | null
  /** What it is for; without it no budget is looked at, since that depends on prices. */
  sold?: { model: string; feature: Feature; promptTokens: number }
}

/**
 * What a request may still hold this month: the least that the quotas of organisation, member and
 * key and the budget leave; null is unlimited. AppError `not_found` where there is no such organisation.
 */
export async function remainingQuota(orgId: string, request: PlannedRequest = {}): Promise<{ tokens: number | null; characters: number | null }> {
  if (!isUuid(orgId)) throw new AppError('not_found', 'There is no such organisation.')
  const { userId = null, keyId = null, sold } = request
  try {
    const [row] = await appClient().$queryRaw<{ tokens: bigint | null; characters: bigint | null }[]>`
      SELECT tokens, characters FROM ledger_remaining(
        ${orgId}::uuid, ${userId}::uuid, ${keyId}::uuid, ${sold?.model ?? null}, ${sold?.feature ?? null}::feature,
        ${sold?.promptTokens ?? 0}::bigint, ${PLAN_LIMITS}::jsonb)`
    const number = (value: bigint | null | undefined): number | null => (value === null || value === undefined ? null : Number(value))
    return { tokens: number(row?.tokens), characters: number(row?.characters) }
  } catch (cause) {
    throw holdRefusal(cause) ?? cause
  }
}

export interface MonthBalance {
  tokens: { used: number; held: number; limit: number | null }
  characters: { used: number; held: number; limit: number | null }
  /** Micro-units; the limit of money is the budget's (lib/db/budgets.ts). */
  cost: { used: bigint; held: bigint }
  period: { start: Date; end: Date }
}

/** The current month's account (UTC). AppError `not_found` where there is no such organisation. */
export async function monthBalance(orgId: string): Promise<MonthBalance> {
  const organization = await findOrganization(orgId)
  if (organization === null) throw new AppError('not_found', 'There is no such organisation.')
  const period = periodOf(new Date())
  const row = await withTenant(orgId, (tx) => tx.usageBalance.findUnique({ where: { orgId_period: { orgId, period: period.start } } }))
  const limits = limitsOf(organization)
  return {
    tokens: { used: Number(row?.tokensUsed ?? 0), held: Number(row?.tokensHeld ?? 0), limit: limits.tokens },
    characters: { used: Number(row?.charactersUsed ?? 0), held: Number(row?.charactersHeld ?? 0), limit: limits.characters },
    cost: { used: row?.costMicrosUsed ?? 0n, held: row?.costMicrosHeld ?? 0n },
    period,
  }
}
