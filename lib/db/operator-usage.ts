import { Prisma } from './generated/client'
import { spanParts, type SpanPart } from './span-parts'
import { withOperator } from './tenant'
import type { UsageTotals } from './usage'

/** Sums over all tenants, or over one, from the roll-ups by month and by day; as the operator. */

export interface UsageSelection {
  /** Whole days, 00:00 UTC. */
  from: Date
  /** Exclusive. */
  to: Date
  orgId?: string | undefined
  model?: string | undefined
  feature?: string | undefined
}

export type OverallUsage = UsageTotals & {
  /** Tenants that used anything. */
  tenants: number
}

interface SumRow {
  prompt_tokens: bigint
  completion_tokens: bigint
  characters: bigint
  training_tokens: bigint
  cost_micros: bigint
  requests: bigint
}

const SUMS = Prisma.sql`
  coalesce(sum(u.prompt_tokens), 0)::bigint AS prompt_tokens, coalesce(sum(u.completion_tokens), 0)::bigint AS completion_tokens,
  coalesce(sum(u.characters), 0)::bigint AS characters, coalesce(sum(u.training_tokens), 0)::bigint AS training_tokens,
  coalesce(sum(u.cost_micros), 0)::bigint AS cost_micros, coalesce(sum(u.requests), 0)::bigint AS requests`

export async function overallUsage(selection: UsageSelection): Promise<OverallUsage> {
  const rows = await withOperator((tx) => tx.$queryRaw<(SumRow & { tenants: bigint })[]>`
    SELECT ${SUMS}, count(*) AS tenants FROM (SELECT u.org_id, ${SUMS} FROM ${sourceOf(selection)} GROUP BY u.org_id) AS u`)
  const row = rows[0]
  if (row === undefined) throw new Error('An aggregate without groups gave no row.')
  return { ...totalsOf(row), tenants: Number(row.tenants) }
}

export type UsageOnDay = UsageTotals & {
  /** YYYY-MM-DD, UTC. */
  day: string
}

/** Every day of the selection in order, those without use too. */
export async function overallUsageByDay(selection: UsageSelection): Promise<UsageOnDay[]> {
  const rows = await withOperator((tx) => tx.$queryRaw<(SumRow & { day: string })[]>`
    SELECT to_char(d.day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, ${SUMS}
    FROM generate_series(${selection.from}::timestamptz, ${selection.to}::timestamptz - interval '24 hours', interval '24 hours') AS d(day)
    LEFT JOIN (SELECT u.day, ${SUMS} FROM usage_days u WHERE ${conditionOf(selection, Prisma.sql`day`)} GROUP BY u.day) AS u ON u.day = d.day
    GROUP BY d.day ORDER BY d.day`)
  return rows.map((row) => ({ day: row.day, ...totalsOf(row) }))
}

export const USAGE_GROUPS = ['tenant', 'model', 'feature', 'key', 'member'] as const

export type OperatorUsageGroup = (typeof USAGE_GROUPS)[number]

export type UsageOfGroup = UsageTotals & {
  /** Of the tenant, key or member; the model's or feature's own name. Null for what no key, or no member, has used. */
  id: string | null
  /** As it is called now; null where there is no such thing any more. */
  name: string | null
  /** Whose key or member it is. */
  orgId: string | null
  orgName: string | null
}

const NIL = '00000000-0000-0000-0000-000000000000'

/** What the group's column is, and what names it. */
const GROUPS: Record<OperatorUsageGroup, { id: Prisma.Sql; name: Prisma.Sql; org: boolean }> = {
  tenant: { id: Prisma.sql`u.org_id`, name: Prisma.sql`(SELECT o.name FROM organizations o WHERE o.id = g.id)`, org: false },
  model: { id: Prisma.sql`u.model`, name: Prisma.sql`g.id`, org: false },
  feature: { id: Prisma.sql`u.feature`, name: Prisma.sql`g.id::text`, org: false },
  key: { id: Prisma.sql`nullif(u.key_id, ${NIL}::uuid)`, name: Prisma.sql`(SELECT k.name FROM api_keys k WHERE k.id = g.id)`, org: true },
  member: { id: Prisma.sql`nullif(u.user_id, ${NIL}::uuid)`, name: Prisma.sql`(SELECT p.email FROM users p WHERE p.id = g.id)`, org: true },
}

/** The sums of each, those with the highest price first. */
export async function overallUsageBy(group: OperatorUsageGroup, selection: UsageSelection, limit: number): Promise<UsageOfGroup[]> {
  const { id, name, org } = GROUPS[group]
  const orgId = org ? Prisma.sql`u.org_id` : Prisma.sql`NULL::uuid`
  const rows = await withOperator((tx) => tx.$queryRaw<(SumRow & { id: string | null; name: string | null; org_id: string | null; org_name: string | null })[]>`
    SELECT g.id::text AS id, g.org_id, g.prompt_tokens, g.completion_tokens, g.characters, g.training_tokens, g.cost_micros, g.requests, ${name} AS name,
      (SELECT o.name FROM organizations o WHERE o.id = g.org_id) AS org_name
    FROM (
      SELECT ${id} AS id, ${orgId} AS org_id, ${SUMS} FROM ${sourceOf(selection)}
      GROUP BY 1, 2 ORDER BY cost_micros DESC, requests DESC, 1 LIMIT ${limit}::int) AS g
    ORDER BY g.cost_micros DESC, g.requests DESC, g.id`)
  return rows.map((row) => ({ id: row.id, name: row.name, orgId: row.org_id, orgName: row.org_name, ...totalsOf(row) }))
}

/** The models that were used in the selection's days, by name. */
export async function usedModels(selection: UsageSelection): Promise<string[]> {
  const { from, to } = selection
  const rows = await withOperator((tx) => tx.$queryRaw<{ model: string }[]>`
    SELECT DISTINCT u.model FROM ${sourceOf({ from, to })} ORDER BY 1`)
  return rows.map(({ model }) => model)
}

const ROLL_UPS: Partial<Record<SpanPart['table'], { table: Prisma.Sql; time: Prisma.Sql }>> = {
  days: { table: Prisma.sql`usage_days`, time: Prisma.sql`day` },
  months: { table: Prisma.sql`usage_months`, time: Prisma.sql`month` },
}

/** The rows of the selection, of whole months at once where there are such, as `u`. */
function sourceOf(selection: UsageSelection): Prisma.Sql {
  const rows = spanParts(selection.from, selection.to, 'months').flatMap(({ table, from, to }) => {
    const source = ROLL_UPS[table]
    // A selection is of whole days.
    if (source === undefined) return []
    return [Prisma.sql`
      SELECT u.org_id, u.user_id, u.key_id, u.model, u.feature, u.prompt_tokens, u.completion_tokens, u.characters, u.training_tokens, u.cost_micros, u.requests
      FROM ${source.table} u WHERE ${conditionOf({ ...selection, from: new Date(from), to: new Date(to) }, source.time)}`]
  })
  return Prisma.sql`(${Prisma.join(rows, ' UNION ALL ')}) AS u`
}

function conditionOf({ from, to, orgId, model, feature }: UsageSelection, time: Prisma.Sql): Prisma.Sql {
  const conditions = [Prisma.sql`u.${time} >= ${from}`, Prisma.sql`u.${time} < ${to}`]
  if (orgId !== undefined) conditions.push(Prisma.sql`u.org_id = ${orgId}::uuid`)
  if (model !== undefined) conditions.push(Prisma.sql`u.model = ${model}`)
  if (feature !== undefined) conditions.push(Prisma.sql`u.feature::text = ${feature}`)
  return Prisma.join(conditions, ' AND ')
}

function totalsOf(row: SumRow): UsageTotals {
  return {
    promptTokens: Number(row.prompt_tokens),
    completionTokens: Number(row.completion_tokens),
    characters: Number(row.characters),
    trainingTokens: Number(row.training_tokens),
    costMicros: row.cost_micros,
    requests: Number(row.requests),
  }
}
