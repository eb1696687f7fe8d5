import { AppError } from '@/lib/contract/errors'
import type { Feature } from '@/lib/contract/feature'
import { PLAN_NAMES, PLANS } from '@/lib/domain/plans'
import { limitsOf, periodOf, remaining } from '@/lib/domain/quota'
import { appClient } from './client'
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
  /** The most that it can use. */
  tokens: number
  characters: number
  /** After that the sweeper takes it for dead, unless it is extended. */
  ttlSeconds: number
}

export interface Use {
  promptTokens: number
  completionTokens: number
  characters: number
}

const PLAN_LIMITS = JSON.stringify(
  Object.fromEntries(PLAN_NAMES.map((plan) => [plan, { tokens: PLANS[plan].monthlyTokens, characters: PLANS[plan].monthlyCharacters }])),
)

/**
 * Holds the most that a request can use, in one round trip; concurrent requests cannot together
 * pass the quota. AppError `insufficient_quota`, `insufficient_permissions` where the organisation
 * is suspended, `not_found` where there is none, `conflict` where the request id was used before.
 */
export async function placeHold(orgId: string, hold: Hold): Promise<void> {
  if (!isUuid(orgId)) throw new AppError('not_found', 'There is no such organisation.')
  try {
    await appClient().$queryRaw`SELECT ledger_hold(
      ${orgId}::uuid, ${hold.requestId}, ${hold.userId}::uuid, ${hold.keyId}::uuid, ${hold.model}, ${hold.feature}::feature,
      ${hold.tokens}::bigint, ${hold.characters}::bigint, make_interval(secs => ${hold.ttlSeconds}), ${PLAN_LIMITS}::jsonb)::text`
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
    case UNIQUE_VIOLATION:
      return new AppError('conflict', 'This request id was used before.', { cause })
    default:
      return null
  }
}

/**
 * Turns a hold into its one usage event and gives the rest back. True where this call made the
 * event, false where it was there before. Rejects where the request was never held.
 */
export async function settleHold(orgId: string, requestId: string, used: Use & { costMicros: bigint }): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ made: boolean }[]>`
    SELECT ledger_settle(
      ${orgId}::uuid, ${requestId}, ${used.promptTokens}::bigint, ${used.completionTokens}::bigint, ${used.characters}::bigint, 0::bigint,
      ${used.costMicros}::bigint) AS made`
  return rows[0]?.made === true
}

/** Gives a hold back without an event: nothing was computed. Harmless where it was settled or released before. */
export async function releaseHold(orgId: string, requestId: string): Promise<void> {
  await appClient().$queryRaw`SELECT ledger_release(${orgId}::uuid, ${requestId}, false)::text`
}

/** Keeps a long request's hold from the sweeper. `soFar` is what the sweeper settles should this process die. False where there is no such hold. */
export async function extendHold(orgId: string, requestId: string, extension: { ttlSeconds: number; soFar?: Use }): Promise<boolean> {
  const { ttlSeconds, soFar } = extension
  const { count } = await withTenant(orgId, (tx) =>
    tx.ledgerHold.updateMany({
      where: { orgId, requestId, releasedAt: null },
      data: {
        expiresAt: new Date(Date.now() + ttlSeconds * 1000),
        ...(soFar && { promptTokens: soFar.promptTokens, completionTokens: soFar.completionTokens, usedCharacters: soFar.characters }),
      },
    }),
  )
  return count === 1
}

/** What may still be held this month; null is unlimited. AppError `not_found` where there is no such organisation. */
export async function remainingQuota(orgId: string): Promise<{ tokens: number | null; characters: number | null }> {
  const balance = await monthBalance(orgId)
  return { tokens: remaining(balance.tokens), characters: remaining(balance.characters) }
}

export interface MonthBalance {
  tokens: { used: number; held: number; limit: number | null }
  characters: { used: number; held: number; limit: number | null }
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
    period,
  }
}
