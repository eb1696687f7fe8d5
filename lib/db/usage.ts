import { Prisma } from './generated/client'
import { monthBalance } from './ledger'
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

export type DayUsage = UsageTotals & {
  /** 00:00 UTC. */
  day: Date
} & { [group in UsageGroup]?: string | null }

const GROUP_COLUMNS: Record<UsageGroup, Prisma.Sql> = {
  model: Prisma.sql`model`,
  feature: Prisma.sql`feature::text AS feature`,
  key: Prisma.sql`key_id::text AS key`,
  member: Prisma.sql`user_id::text AS member`,
}

type DayRow = { [group in UsageGroup]?: string | null } & {
  day: Date
  prompt_tokens: bigint
  completion_tokens: bigint
  characters: bigint
  training_tokens: bigint
  cost_micros: bigint
  requests: bigint
}

/** Sums of `from` ≤ time < `to` by day (UTC) and by each group named, ordered by day; days without use are left out. */
export async function usageByDay(orgId: string, from: Date, to: Date, groupBy: readonly UsageGroup[] = []): Promise<DayUsage[]> {
  const groups = [...new Set(groupBy)]
  const columns = [Prisma.sql`date_trunc('day', created_at, 'UTC') AS day`, ...groups.map((group) => GROUP_COLUMNS[group])]
  const places = Prisma.raw(columns.map((_, index) => index + 1).join(', '))
  const rows = await withTenant(orgId, (tx) => tx.$queryRaw<DayRow[]>`
    SELECT ${Prisma.join(columns)}, sum(prompt_tokens)::bigint AS prompt_tokens, sum(completion_tokens)::bigint AS completion_tokens,
      sum(characters)::bigint AS characters, sum(training_tokens)::bigint AS training_tokens, sum(cost_micros)::bigint AS cost_micros,
      count(*) AS requests
    FROM usage_events WHERE org_id = ${orgId}::uuid AND created_at >= ${from} AND created_at < ${to}
    GROUP BY ${places} ORDER BY ${places}`)
  return rows.map((row) => ({
    day: row.day,
    ...Object.fromEntries(groups.map((group) => [group, row[group] ?? null])),
    promptTokens: Number(row.prompt_tokens),
    completionTokens: Number(row.completion_tokens),
    characters: Number(row.characters),
    trainingTokens: Number(row.training_tokens),
    costMicros: row.cost_micros,
    requests: Number(row.requests),
  }))
}

const PAGE = 1000

/** The events of `from` ≤ time < `to` in order of time, read page by page in transactions of their own. */
export async function* usageEvents(orgId: string, from: Date, to: Date): AsyncGenerator<UsageEvent> {
  let after: { time: Date; id: string } | null = null
  for (;;) {
    const where: Prisma.UsageEventWhereInput = { orgId, createdAt: { gte: from, lt: to } }
    if (after !== null) where.OR = [{ createdAt: { gt: after.time } }, { createdAt: after.time, id: { gt: after.id } }]
    const rows = await withTenant(orgId, (tx) =>
      tx.usageEvent.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: PAGE }),
    )
    for (const row of rows) {
      yield usageEventOf(row)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = { time: last.createdAt, id: last.id }
  }
}
