import type { Feature } from '@/lib/contract/feature'
import type { Plan } from '@/lib/domain/plans'
import { withTenant } from './tenant'

/** The events of one time that had the same prices, summed. Prices are micro-units for a million. */
export interface PricedUse {
  model: string
  feature: Feature
  plan: Plan
  requests: number
  promptTokens: bigint
  completionTokens: bigint
  characters: bigint
  trainingTokens: bigint
  promptPrice: bigint
  completionPrice: bigint
  charactersPrice: bigint
  trainingPrice: bigint
  /** The sum of what the events cost, each rounded up once. */
  costMicros: bigint
}

interface PricedRow {
  model: string
  feature: Feature
  plan: Plan
  requests: bigint
  prompt_tokens: bigint
  completion_tokens: bigint
  characters: bigint
  training_tokens: bigint
  prompt: bigint
  completion: bigint
  characters_price: bigint
  training: bigint
  cost_micros: bigint
}

/**
 * What an organisation used in `from` ≤ time < `to`, by model, feature, plan and price. An event has
 * the prices of the moment at which its request began. Meant for a day at most: one short statement.
 */
export async function pricedUse(orgId: string, from: Date, to: Date): Promise<PricedUse[]> {
  const rows = await withTenant(
    orgId,
    (tx) => tx.$queryRaw<PricedRow[]>`
      WITH changes AS (
        SELECT ARRAY(SELECT DISTINCT valid_from FROM price_versions WHERE valid_from < ${to} ORDER BY valid_from)::timestamptz[] AS at
      ), sums AS (
        SELECT e.model, e.feature, e.plan, width_bucket(e.held_at, (SELECT at FROM changes)) AS version, count(*) AS requests,
          sum(e.prompt_tokens)::bigint AS prompt_tokens, sum(e.completion_tokens)::bigint AS completion_tokens,
          sum(e.characters)::bigint AS characters, sum(e.training_tokens)::bigint AS training_tokens, sum(e.cost_micros)::bigint AS cost_micros
        FROM usage_events e WHERE e.org_id = ${orgId}::uuid AND e.created_at >= ${from} AND e.created_at < ${to} GROUP BY 1, 2, 3, 4
      )
      SELECT s.model, s.feature::text AS feature, s.plan::text AS plan, s.requests, s.prompt_tokens, s.completion_tokens, s.characters,
        s.training_tokens, s.cost_micros, p.prompt, p.completion, p.characters AS characters_price, p.training
      FROM sums s CROSS JOIN changes c CROSS JOIN LATERAL ledger_prices(s.plan, s.model, s.feature, c.at[s.version]) p
      ORDER BY s.model, s.feature, s.plan, s.version`,
  )
  return rows.map((row) => ({
    model: row.model,
    feature: row.feature,
    plan: row.plan,
    requests: Number(row.requests),
    promptTokens: row.prompt_tokens,
    completionTokens: row.completion_tokens,
    characters: row.characters,
    trainingTokens: row.training_tokens,
    promptPrice: row.prompt,
    completionPrice: row.completion,
    charactersPrice: row.characters_price,
    trainingPrice: row.training,
    costMicros: row.cost_micros,
  }))
}

/** The months (first day, 00:00 UTC) in which the organisation used anything, newest first. */
export async function monthsOfUse(orgId: string): Promise<{ month: Date; costMicros: bigint; requests: number }[]> {
  const rows = await withTenant(
    orgId,
    (tx) => tx.$queryRaw<{ month: Date; cost_micros: bigint; requests: bigint }[]>`
      SELECT date_trunc('month', day, 'UTC') AS month, sum(cost_micros)::bigint AS cost_micros, sum(requests)::bigint AS requests
      FROM usage_days WHERE org_id = ${orgId}::uuid GROUP BY 1 ORDER BY 1 DESC`,
  )
  return rows.map(({ month, cost_micros, requests }) => ({ month, costMicros: cost_micros, requests: Number(requests) }))
}
