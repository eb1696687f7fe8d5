import type { Feature } from '@/lib/contract/feature'
import type { Plan } from '@/lib/domain/plans'
import { EVERY_MODEL, type PriceDirection } from '@/lib/domain/pricing'
import { Prisma } from './generated/client'
import { withOperator } from './tenant'

export interface PreviewedPrice {
  plans: readonly Plan[]
  /** A model's name, or '*': every model that has no price of its own. */
  model: string
  feature: Feature
  direction: PriceDirection
  /** Micro-units for a million; null ends a model's own price, so that every model's holds. */
  microsPerMillion: bigint | null
}

export interface Preview {
  /** What the price is for, in tokens or characters. */
  amount: number
  /** What that costs at the prices of today, in micro-units, and what at the new one. */
  beforeMicros: bigint
  afterMicros: bigint
}

const AMOUNTS: Record<PriceDirection, Prisma.Sql> = {
  prompt: Prisma.sql`prompt_tokens`,
  completion: Prisma.sql`completion_tokens`,
  characters: Prisma.sql`characters`,
  training: Prisma.sql`training_tokens`,
}

/**
 * As the operator: what a price would make of the days `from` ≤ day < `to`, beside the prices of
 * today, with every tenant on its plan of today. Requests are rounded up one by one when they are
 * billed and their sum is rounded here, so the real amounts are a little higher.
 */
export async function previewPrice(price: PreviewedPrice, from: Date, to: Date): Promise<Preview> {
  const { plans, model, feature, direction, microsPerMillion } = price
  const priceOf = (name: Prisma.Sql): Prisma.Sql => Prisma.sql`(
    SELECT v.micros_per_million FROM price_versions v
    WHERE v.plan = o.plan AND v.feature = u.feature AND v.direction = ${direction}::price_direction AND v.model = ${name} AND v.valid_from <= now()
    ORDER BY v.valid_from DESC LIMIT 1)`
  const rows = await withOperator((tx) => tx.$queryRaw<{ amount: bigint; before: bigint; after: bigint }[]>`
    SELECT coalesce(sum(amount), 0)::bigint AS amount,
      coalesce(round(sum(amount * coalesce(own, common, 0)) / 1000000), 0)::bigint AS before,
      coalesce(round(sum(amount * coalesce(${microsPerMillion}::bigint, common, 0)) / 1000000), 0)::bigint AS after
    FROM (
      SELECT u.amount, ${priceOf(Prisma.sql`u.model`)} AS own, ${priceOf(Prisma.sql`'*'`)} AS common
      FROM (
        SELECT o.plan, d.model, d.feature, sum(d.${AMOUNTS[direction]}) AS amount
        FROM usage_days d JOIN organizations o ON o.id = d.org_id
        WHERE d.day >= ${from} AND d.day < ${to} AND d.feature::text = ${feature} AND o.plan::text = ANY (${[...plans]}::text[])
          ${model === EVERY_MODEL ? Prisma.empty : Prisma.sql`AND d.model = ${model}`}
        GROUP BY 1, 2, 3) AS u
      CROSS JOIN LATERAL (SELECT u.plan) AS o) AS priced
    ${model === EVERY_MODEL ? Prisma.sql`WHERE own IS NULL` : Prisma.empty}`)
  const row = rows[0]
  if (row === undefined) throw new Error('An aggregate without groups gave no row.')
  return { amount: Number(row.amount), beforeMicros: row.before, afterMicros: row.after }
}
