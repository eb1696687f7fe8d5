import { Prisma } from './generated/client'
import { monthBalance } from './ledger'
import { spanParts, type SpanPart } from './span-parts'
import { withTenant } from './tenant'
import { usageEventOf, type UsageEvent } from './usage-event'

export interface MonthUsage {
  /** Used, without what is held. */
  tokens: number
  /** Null is unlimited. */
  tokenLimit: number | null
  characters: number
  characterLimit: number | null
  periodStart: Date
  /** Exclusive. */
  periodEnd: Date
}

/** The current calendar month (UTC). */
export async function monthUsage(orgId: string): Promise<MonthUsage> {
  const { tokens, characters, period } = await monthBalance(orgId)
  return {
    tokens: tokens.used,
    tokenLimit: tokens.limit,
    characters: characters.used,
    characterLimit: characters.limit,
    periodStart: period.start,
    periodEnd: period.end,
  }
}

export interface UsageTotals {
  promptTokens: number
  completionTokens: number
  characters: number
  trainingTokens: number
  costMicros: bigint
  requests: number
}

export type UsageGroup = 'model' | 'feature' | 'key' | 'member'

/** UTC. `all` is one sum over the whole span. */
export type UsageStep = 'hour' | 'day' | 'month' | 'all'

export type UsageSum = UsageTotals & {
  /** The step's beginning; for `all` the span's. */
  time: Date
} & { [group in UsageGroup]?: string | null }

/** What stands for no key and no member in a roll-up, and before every id that there is. */
const NIL_ID = '00000000-0000-0000-0000-000000000000'
const NIL = Prisma.sql`${NIL_ID}::uuid`

/** Grouped by the column as it is, and put into words afterwards. */
const GROUP_COLUMNS: Record<UsageGroup, { column: Prisma.Sql; shown: Prisma.Sql }> = {
  model: { column: Prisma.sql`u.model`, shown: Prisma.sql`u.model AS model` },
  feature: { column: Prisma.sql`u.feature`, shown: Prisma.sql`u.feature::text AS feature` },
  key: { column: Prisma.sql`u.key_id`, shown: Prisma.sql`nullif(u.key_id, ${NIL})::text AS key` },
  member: { column: Prisma.sql`u.user_id`, shown: Prisma.sql`nullif(u.user_id, ${NIL})::text AS member` },
}

type SumRow = { [group in UsageGroup]?: string | null } & {
  time?: Date
  prompt_tokens: bigint
  completion_tokens: bigint
  characters: bigint
  training_tokens: bigint
  cost_micros: bigint
  requests: bigint
}

const TABLES: Record<SpanPart['table'], { table: Prisma.Sql; time: Prisma.Sql; requests: Prisma.Sql; user: Prisma.Sql; key: Prisma.Sql }> = {
  events: { table: Prisma.sql`usage_events`, time: Prisma.sql`created_at`, requests: Prisma.sql`1`, user: Prisma.sql`coalesce(user_id, ${NIL})`, key: Prisma.sql`coalesce(key_id, ${NIL})` },
  hours: { table: Prisma.sql`usage_hours`, time: Prisma.sql`hour`, requests: Prisma.sql`requests`, user: Prisma.sql`user_id`, key: Prisma.sql`key_id` },
  days: { table: Prisma.sql`usage_days`, time: Prisma.sql`day`, requests: Prisma.sql`requests`, user: Prisma.sql`user_id`, key: Prisma.sql`key_id` },
  months: { table: Prisma.sql`usage_months`, time: Prisma.sql`month`, requests: Prisma.sql`requests`, user: Prisma.sql`user_id`, key: Prisma.sql`key_id` },
}

/** A row of a roll-up must lie within one step. */
const COARSEST = { hour: 'hours', day: 'days', month: 'months', all: 'months' } as const satisfies Record<UsageStep, SpanPart['table']>

const SUMS = Prisma.sql`
  sum(u.prompt_tokens)::bigint AS prompt_tokens, sum(u.completion_tokens)::bigint AS completion_tokens, sum(u.characters)::bigint AS characters,
  sum(u.training_tokens)::bigint AS training_tokens, sum(u.cost_micros)::bigint AS cost_micros, sum(u.requests)::bigint AS requests`

/** `1, 2, …` */
function places(count: number): Prisma.Sql {
  return Prisma.raw(Array.from({ length: count }, (_, index) => index + 1).join(', '))
}

function rowsOf(orgId: string, part: SpanPart, step: UsageStep): Prisma.Sql {
  const { table, time, requests, user, key } = TABLES[part.table]
  const stepOf = step === 'all' || part.table === COARSEST[step] ? time : Prisma.sql`date_trunc(${step}, ${time}, 'UTC')`
  return Prisma.sql`
    SELECT ${stepOf} AS time, ${user} AS user_id, ${key} AS key_id, model, feature, prompt_tokens, completion_tokens, characters, training_tokens, cost_micros,
      ${requests} AS requests
    FROM ${table} WHERE org_id = ${orgId}::uuid AND ${time} >= ${new Date(part.from)} AND ${time} < ${new Date(part.to)}`
}

/** What an organisation used in `from` ≤ time < `to`, by steps and by each group named, in order of time; what is nothing is left out. */
export async function usageSums(orgId: string, from: Date, to: Date, step: UsageStep, groupBy: readonly UsageGroup[] = []): Promise<UsageSum[]> {
  const parts = spanParts(from, to, COARSEST[step])
  if (parts.length === 0) return []
  const groups = [...new Set(groupBy)]
  const time = step === 'all' ? [] : [{ column: Prisma.sql`u.time`, shown: Prisma.sql`u.time` }]
  const columns = [...time, ...groups.map((group) => GROUP_COLUMNS[group])]
  const shown = Prisma.join(columns.map((column) => column.shown).concat(SUMS))
  const grouping = columns.length === 0 ? Prisma.sql`HAVING count(*) > 0` : Prisma.sql`GROUP BY ${Prisma.join(columns.map(({ column }) => column))} ORDER BY ${places(columns.length)}`
  const rows = await withTenant(orgId, (tx) => tx.$queryRaw<SumRow[]>`
    SELECT ${shown} FROM (${Prisma.join(parts.map((part) => rowsOf(orgId, part, step)), ' UNION ALL ')}) AS u ${grouping}`)
  return rows.map((row) => ({
    time: row.time ?? from,
    ...Object.fromEntries(groups.map((group) => [group, row[group] ?? null])),
    promptTokens: Number(row.prompt_tokens),
    completionTokens: Number(row.completion_tokens),
    characters: Number(row.characters),
    trainingTokens: Number(row.training_tokens),
    costMicros: row.cost_micros,
    requests: Number(row.requests),
  }))
}

export type DayUsage = Omit<UsageSum, 'time'> & {
  /** 00:00 UTC. */
  day: Date
}

/** Sums of `from` ≤ time < `to` by day (UTC) and by each group named, ordered by day; days without use are left out. */
export async function usageByDay(orgId: string, from: Date, to: Date, groupBy: readonly UsageGroup[] = []): Promise<DayUsage[]> {
  const rows = await usageSums(orgId, from, to, 'day', groupBy)
  return rows.map(({ time, ...sum }) => ({ day: time, ...sum }))
}

type EventRow = Parameters<typeof usageEventOf>[0]

const PAGE = 1000


/** The events of `from` ≤ time < `to` in order of time, read page by page in transactions of their own. */
export async function* usageEvents(orgId: string, from: Date, to: Date): AsyncGenerator<UsageEvent> {
  let after: { time: Date; id: string } | null = null
  for (;;) {
    const begin: { time: Date; id: string } = after ?? { time: from, id: NIL_ID }
    const rows: EventRow[] = await withTenant(
      orgId,
      // A row comparison, so that a page begins where the index of (organisation, time, id) does, however far in it is.
      (tx) => tx.$queryRaw<EventRow[]>`
        SELECT id, org_id AS "orgId", request_id AS "requestId", created_at AS "createdAt", user_id AS "userId", key_id AS "keyId", model, feature::text AS feature,
          prompt_tokens AS "promptTokens", completion_tokens AS "completionTokens", characters, training_tokens AS "trainingTokens", cost_micros AS "costMicros"
        FROM usage_events
        WHERE org_id = ${orgId}::uuid AND (created_at, id) > (${begin.time}, ${begin.id}::uuid) AND created_at < ${to}
        ORDER BY created_at, id LIMIT ${PAGE}`,
    )
    for (const row of rows) {
      yield usageEventOf(row)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = { time: last.createdAt, id: last.id }
  }
}
