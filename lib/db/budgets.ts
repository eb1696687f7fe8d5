import { AppError } from '@/lib/contract/errors'
import { PLAN_LIMITS } from './ledger'
import type { QuotaMeasure } from './generated/client'
import { withOperator, withTenant } from './tenant'
import { isUuid } from './uuid'

export interface Budget {
  /** Micro-units a calendar month (UTC); null: no budget. */
  limitMicros: bigint | null
  /** Whether requests that could pass it are refused. */
  hardStop: boolean
  /** At which per cents of the budget and of the organisation's quotas its owners are told; ascending. */
  alertPercents: number[]
}

export const DEFAULT_BUDGET: Readonly<Budget> = { limitMicros: null, hardStop: true, alertPercents: [50, 80, 100] }

/** As the tenant; the default where none was set. */
export async function readBudget(orgId: string): Promise<Budget> {
  const row = await withTenant(orgId, (tx) => tx.budget.findUnique({ where: { orgId } }))
  if (row === null) return { ...DEFAULT_BUDGET, alertPercents: [...DEFAULT_BUDGET.alertPercents] }
  return { limitMicros: row.limitMicros, hardStop: row.hardStop, alertPercents: row.alertPercents }
}

/** As the tenant. AppError `invalid_request` for a limit below 0, more than 10 thresholds, or one that is not a whole per cent of 1 to 1000. */
export async function writeBudget(orgId: string, budget: Budget): Promise<void> {
  const { limitMicros, hardStop } = budget
  const alertPercents = [...new Set(budget.alertPercents)].sort((a, b) => a - b)
  if (limitMicros !== null && limitMicros < 0n) throw new AppError('invalid_request', 'A budget is at least 0.', { param: 'limit' })
  if (alertPercents.length > 10 || !alertPercents.every((percent) => Number.isInteger(percent) && percent >= 1 && percent <= 1000)) {
    throw new AppError('invalid_request', 'Name at most ten thresholds, each a whole number of per cent from 1 to 1000.', { param: 'alert_percents' })
  }
  const data = { limitMicros, hardStop, alertPercents, updatedAt: new Date() }
  await withTenant(orgId, (tx) => tx.budget.upsert({ where: { orgId }, create: { orgId, ...data }, update: data }))
}

/** As the tenant: tokens a month for one member; null lifts the limit. AppError `not_found` where there is no such member. */
export async function setMemberQuota(orgId: string, userId: string, tokens: number | null): Promise<void> {
  assertQuota(tokens)
  const count = isUuid(userId) ? (await withTenant(orgId, (tx) => tx.membership.updateMany({ where: { orgId, userId }, data: { tokenQuota: tokens } }))).count : 0
  if (count === 0) throw new AppError('not_found', 'There is no such member.')
}

/** As the tenant: tokens a month for one API key; null lifts the limit. AppError `not_found` where there is no such key. */
export async function setKeyQuota(orgId: string, keyId: string, tokens: number | null): Promise<void> {
  assertQuota(tokens)
  const count = isUuid(keyId) ? (await withTenant(orgId, (tx) => tx.apiKey.updateMany({ where: { orgId, id: keyId }, data: { tokenQuota: tokens } }))).count : 0
  if (count === 0) throw new AppError('not_found', 'There is no such key.')
}

function assertQuota(tokens: number | null): void {
  if (tokens !== null && (!Number.isSafeInteger(tokens) || tokens < 0)) throw new AppError('invalid_request', 'A quota is a whole number of tokens, at least 0.', { param: 'token_quota' })
}

export interface CallerQuota {
  kind: 'member' | 'key'
  id: string
  /** Of this month, without what is held. */
  used: number
  held: number
  /** Null: only the organisation's limit. */
  limit: number | null
}

/** As the tenant: every member and key that has a quota or used something this month, in no order. */
export async function callerQuotas(orgId: string): Promise<CallerQuota[]> {
  const rows = await withTenant(
    orgId,
    (tx) => tx.$queryRaw<{ kind: 'member' | 'key'; id: string; used: bigint; held: bigint; quota: bigint | null }[]>`
      SELECT coalesce(b.kind, q.kind)::text AS kind, coalesce(b.caller_id, q.id) AS id, coalesce(b.tokens_used, 0) AS used,
        coalesce(b.tokens_held, 0) AS held, q.token_quota AS quota
      FROM (
        SELECT 'member'::caller_kind AS kind, user_id AS id, token_quota FROM memberships WHERE org_id = ${orgId}::uuid AND token_quota IS NOT NULL
        UNION ALL
        SELECT 'key', id, token_quota FROM api_keys WHERE org_id = ${orgId}::uuid AND token_quota IS NOT NULL) AS q
      FULL JOIN (SELECT * FROM caller_balances WHERE org_id = ${orgId}::uuid AND period = ledger_period()) AS b
        ON b.kind = q.kind AND b.caller_id = q.id`,
  )
  return rows.map(({ kind, id, used, held, quota }) => ({ kind, id, used: Number(used), held: Number(held), limit: quota === null ? null : Number(quota) }))
}

export interface QuotaAlert {
  /** `budget` counts micro-units. */
  measure: QuotaMeasure
  percent: number
  /** When it was noticed, and the limit then. */
  used: bigint
  limit: bigint
  at: Date
}

/** As the tenant: the thresholds that this month's use has reached, the latest first. */
export async function listQuotaAlerts(orgId: string): Promise<QuotaAlert[]> {
  const rows = await withTenant(
    orgId,
    (tx) => tx.$queryRaw<QuotaAlert[]>`
      SELECT measure::text AS measure, percent, used, limit_value AS "limit", created_at AS at FROM quota_alerts
      WHERE org_id = ${orgId}::uuid AND period = ledger_period() ORDER BY created_at DESC, percent DESC`,
  )
  return rows
}

/** As the operator: notes each threshold that an organisation's month has reached, once; returns how many were new. */
export async function recordQuotaAlerts(): Promise<number> {
  const rows = await withOperator((tx) => tx.$queryRaw<{ noted: bigint }[]>`SELECT record_quota_alerts(${PLAN_LIMITS}::jsonb) AS noted`)
  return Number(rows[0]?.noted ?? 0)
}
