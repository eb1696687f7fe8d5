import type { NewPriceBody, PricePreview } from '@/lib/contract/admin'
import { overallUsage } from '@/lib/db/operator-usage'
import { addPriceVersion } from '@/lib/db/price-list'
import { previewPrice } from '@/lib/db/price-preview'
import { recordByOperator, type Operator } from './operator'

/** Adds a version of the price for each of the plans. Throws as `addPriceVersion` does; the plans before the one at fault have theirs. */
export async function changePrice(operator: Operator & { userId: string }, body: NewPriceBody): Promise<void> {
  const { plans, model, feature, direction, price, validFrom } = body
  for (const plan of new Set(plans)) {
    const version = await addPriceVersion({
      plan,
      model,
      feature,
      direction,
      microsPerMillion: price,
      validFrom: validFrom === null ? null : new Date(validFrom),
      createdBy: operator.userId,
    })
    await recordByOperator(operator, null, 'price.changed', `${plan} ${feature} ${direction} ${model}`, {
      micros_per_million: price === null ? null : String(price),
      valid_from: version.validFrom.toISOString(),
    })
  }
}

/** What the price would have made of the last month that is over. */
export async function previewOfLastMonth(body: NewPriceBody, now = new Date()): Promise<PricePreview> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))
  const { plans, model, feature, direction, price } = body
  const [preview, { costMicros }] = await Promise.all([
    previewPrice({ plans, model, feature, direction, microsPerMillion: price }, from, to),
    overallUsage({ from, to }),
  ])
  const { amount, beforeMicros, afterMicros } = preview
  return { month: from.toISOString().slice(0, 10), amount, before: String(beforeMicros), after: String(afterMicros), revenue: String(costMicros) }
}
