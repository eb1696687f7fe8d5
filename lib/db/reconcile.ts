import { AppError } from '@/lib/contract/errors'
import { operatorClient } from './client'
import { Prisma } from './generated/client'
import type { Transaction } from './tenant'
import { isUuid } from './uuid'

/** Something that is kept as a sum and is not the sum of what it is made of. */
export interface LedgerDifference {
  check: string
  orgId: string
  /** Which of its rows: a month, a member or key, an hour, a request. */
  place: string
  expected: Record<string, string>
  found: Record<string, string>
}

export interface Reconciliation {
  events: number
  /** Of requests that are still going on. */
  holds: number
  /** What was compared with what. */
  checks: string[]
  /** At most SHOWN for each check. */
  differences: LedgerDifference[]
}

const SHOWN = 100

/** Ten million events take minutes. */
const TIMEOUT_MS = 60 * 60_000

interface Comparison {
  check: string
  /** Columns that say which row, beside org_id. */
  keys: readonly string[]
  measures: readonly string[]
  /** Both select org_id, the keys and the measures. */
  truth: Prisma.Sql
  kept: Prisma.Sql
}

const USE = ['prompt_tokens', 'completion_tokens', 'characters', 'training_tokens', 'cost_micros', 'requests'] as const
const ROLL_UP_KEYS = ['user_id', 'key_id', 'model', 'feature'] as const
const NIL = Prisma.sql`'00000000-0000-0000-0000-000000000000'::uuid`
const SUMS = Prisma.sql`sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(characters) AS characters,
  sum(training_tokens) AS training_tokens, sum(cost_micros) AS cost_micros`

function comparisons(tenant: Prisma.Sql): Comparison[] {
  const callers = (table: Prisma.Sql, tokens: Prisma.Sql) => Prisma.sql`
    SELECT t.org_id, t.period, c.kind, c.caller_id, sum(${tokens}) AS tokens FROM ${table} t
    CROSS JOIN LATERAL (VALUES ('member'::caller_kind, t.user_id), ('key', t.key_id)) AS c(kind, caller_id)
    WHERE c.caller_id IS NOT NULL AND ${tenant} GROUP BY 1, 2, 3, 4`
  return [
    {
      check: "events = the organisation's month",
      keys: ['period'],
      measures: ['tokens', 'characters', 'cost_micros'],
      truth: Prisma.sql`SELECT org_id, period, sum(prompt_tokens + completion_tokens) AS tokens, sum(characters) AS characters, sum(cost_micros) AS cost_micros
        FROM usage_events WHERE ${tenant} GROUP BY 1, 2`,
      kept: Prisma.sql`SELECT org_id, period, tokens_used AS tokens, characters_used AS characters, cost_micros_used AS cost_micros FROM usage_balances WHERE ${tenant}`,
    },
    {
      check: "holds = what the organisation's month holds",
      keys: ['period'],
      measures: ['tokens', 'characters', 'cost_micros'],
      truth: Prisma.sql`SELECT org_id, period, sum(tokens) AS tokens, sum(characters) AS characters, sum(cost_micros) AS cost_micros FROM ledger_holds WHERE ${tenant} GROUP BY 1, 2`,
      kept: Prisma.sql`SELECT org_id, period, tokens_held AS tokens, characters_held AS characters, cost_micros_held AS cost_micros FROM usage_balances WHERE ${tenant}`,
    },
    {
      check: "events = each member's and key's month",
      keys: ['period', 'kind', 'caller_id'],
      measures: ['tokens'],
      truth: callers(Prisma.sql`usage_events`, Prisma.sql`t.prompt_tokens + t.completion_tokens`),
      kept: Prisma.sql`SELECT org_id, period, kind, caller_id, tokens_used AS tokens FROM caller_balances WHERE ${tenant}`,
    },
    {
      check: "holds = what each member's and key's month holds",
      keys: ['period', 'kind', 'caller_id'],
      measures: ['tokens'],
      truth: callers(Prisma.sql`ledger_holds`, Prisma.sql`t.tokens`),
      kept: Prisma.sql`SELECT org_id, period, kind, caller_id, tokens_held AS tokens FROM caller_balances WHERE ${tenant}`,
    },
    {
      check: 'events = hours',
      keys: ['hour', ...ROLL_UP_KEYS],
      measures: USE,
      truth: Prisma.sql`SELECT org_id, date_trunc('hour', created_at, 'UTC') AS hour, coalesce(user_id, ${NIL}) AS user_id, coalesce(key_id, ${NIL}) AS key_id,
        model, feature, ${SUMS}, count(*) AS requests FROM usage_events WHERE ${tenant} GROUP BY 1, 2, 3, 4, 5, 6`,
      kept: Prisma.sql`SELECT org_id, hour, user_id, key_id, model, feature, prompt_tokens, completion_tokens, characters, training_tokens, cost_micros, requests
        FROM usage_hours WHERE ${tenant}`,
    },
    {
      check: 'hours = days',
      keys: ['day', ...ROLL_UP_KEYS],
      measures: USE,
      truth: Prisma.sql`SELECT org_id, date_trunc('day', hour, 'UTC') AS day, user_id, key_id, model, feature, ${SUMS}, sum(requests) AS requests
        FROM usage_hours WHERE ${tenant} GROUP BY 1, 2, 3, 4, 5, 6`,
      kept: Prisma.sql`SELECT org_id, day, user_id, key_id, model, feature, prompt_tokens, completion_tokens, characters, training_tokens, cost_micros, requests
        FROM usage_days WHERE ${tenant}`,
    },
    {
      check: 'days = months',
      keys: ['month', ...ROLL_UP_KEYS],
      measures: USE,
      truth: Prisma.sql`SELECT org_id, date_trunc('month', day, 'UTC') AS month, user_id, key_id, model, feature, ${SUMS}, sum(requests) AS requests
        FROM usage_days WHERE ${tenant} GROUP BY 1, 2, 3, 4, 5, 6`,
      kept: Prisma.sql`SELECT org_id, month, user_id, key_id, model, feature, prompt_tokens, completion_tokens, characters, training_tokens, cost_micros, requests
        FROM usage_months WHERE ${tenant}`,
    },
    {
      check: 'cost = the price list of the hold',
      keys: ['request_id'],
      measures: ['cost_micros'],
      // Prices change at few moments: each event falls between two of them, and what was sold in between has one price.
      truth: Prisma.sql`SELECT e.org_id, e.request_id, ledger_round_up(e.prompt_tokens::numeric * p.prompt + e.completion_tokens::numeric * p.completion
          + e.characters::numeric * p.characters + e.training_tokens::numeric * p.training) AS cost_micros
        FROM (SELECT *, width_bucket(held_at, (SELECT at FROM changes)) AS version FROM usage_events WHERE ${tenant}) AS e
        JOIN (
          SELECT sold.*, price.* FROM (
            SELECT DISTINCT plan, model, feature, width_bucket(held_at, (SELECT at FROM changes)) AS version FROM usage_events WHERE ${tenant}) AS sold
          CROSS JOIN changes CROSS JOIN LATERAL ledger_prices(sold.plan, sold.model, sold.feature, changes.at[sold.version]) AS price) AS p
        USING (plan, model, feature, version)`,
      kept: Prisma.sql`SELECT org_id, request_id, cost_micros FROM usage_events WHERE ${tenant}`,
    },
  ]
}

interface Found {
  org_id: string
  place: string
  expected: Record<string, string>
  found: Record<string, string>
}

async function compare(tx: Transaction, { check, keys, measures, truth, kept }: Comparison): Promise<LedgerDifference[]> {
  // The names come from the lists above, never from outside.
  const all = Prisma.raw(['org_id', ...keys].join(', '))
  const place = Prisma.raw(keys.map((key) => (['hour', 'day', 'month'].includes(key) ? `to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24"Z"')` : key)).join(', '))
  const side = (name: 't' | 'k') => Prisma.raw(measures.map((measure) => `coalesce(${name}.${measure}, 0)`).join(', '))
  const shown = (name: 't' | 'k') => Prisma.raw(measures.map((measure) => `'${measure}', coalesce(${name}.${measure}, 0)::text`).join(', '))
  const rows = await tx.$queryRaw<Found[]>`
    WITH changes AS MATERIALIZED (SELECT ARRAY(SELECT DISTINCT valid_from FROM price_versions ORDER BY valid_from)::timestamptz[] AS at)
    SELECT org_id::text AS org_id, concat_ws(' ', ${place}) AS place, jsonb_build_object(${shown('t')}) AS expected, jsonb_build_object(${shown('k')}) AS found
    FROM (${truth}) AS t FULL JOIN (${kept}) AS k USING (${all})
    WHERE ROW(${side('t')}) IS DISTINCT FROM ROW(${side('k')}) LIMIT ${SHOWN}`
  return rows.map(({ org_id, ...rest }) => ({ check, orgId: org_id, ...rest }))
}

/**
 * As the operator: whether events, holds, balances, roll-ups and prices agree, as of one moment, over
 * one organisation or all. Calls `onCheck` with the name of what is compared next. AppError `not_found`
 * where `orgId` is no id.
 */
export async function reconcile(orgId?: string, onCheck: (check: string) => void = () => undefined): Promise<Reconciliation> {
  if (orgId !== undefined && !isUuid(orgId)) throw new AppError('not_found', 'There is no such organisation.')
  const tenant = orgId === undefined ? Prisma.sql`true` : Prisma.sql`org_id = ${orgId}::uuid`
  return operatorClient().$transaction(
    async (tx) => {
      // Millions of rows are grouped, one comparison after another.
      await tx.$executeRaw`SET LOCAL work_mem = '64MB'`
      const where = orgId === undefined ? {} : { orgId }
      const [events, holds] = [await tx.usageEvent.count({ where }), await tx.ledgerHold.count({ where: { ...where, releasedAt: null } })]
      const differences: LedgerDifference[] = []
      const checks = comparisons(tenant)
      for (const comparison of checks) {
        onCheck(comparison.check)
        differences.push(...(await compare(tx, comparison)))
      }
      return { events, holds, checks: checks.map(({ check }) => check), differences }
    },
    { isolationLevel: 'RepeatableRead', timeout: TIMEOUT_MS },
  )
}
