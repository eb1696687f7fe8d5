import { FEATURES, type Feature } from '@/lib/contract/feature'
import { PLAN_NAMES, type Plan } from '@/lib/domain/plans'
import { EVERY_MODEL, PRICE_DIRECTIONS, type PriceDirection, type PriceVersion } from '@/lib/domain/pricing'

export interface PriceCell {
  /** Micro-units for a million; null where it has none of its own, so that every model's holds. */
  now: bigint | null
  /** The next version that is not valid yet. */
  next: { price: bigint | null; from: Date } | null
}

export interface PriceRow {
  model: string
  feature: Feature
  direction: PriceDirection
  cells: Record<Plan, PriceCell>
}

/** The list as it stands at a moment, a row for each model, feature and direction that costs something, or will: every model's prices first. */
export function priceTable(versions: readonly PriceVersion[], at: Date): PriceRow[] {
  const others = new Set(versions.map(({ model }) => model))
  others.delete(EVERY_MODEL)
  return [EVERY_MODEL, ...[...others].sort()].flatMap((model) =>
    FEATURES.flatMap((feature) =>
      PRICE_DIRECTIONS.flatMap((direction) => {
        const own = versions.filter((version) => version.model === model && version.feature === feature && version.direction === direction)
        const [free, pro, enterprise] = PLAN_NAMES.map((plan) => cellOf(own.filter((version) => version.plan === plan), at))
        if (free === undefined || pro === undefined || enterprise === undefined) throw new Error('There are three plans.')
        const cells = { free, pro, enterprise }
        return Object.values(cells).some(isShown) ? [{ model, feature, direction, cells }] : []
      }),
    ),
  )
}

function isShown({ now, next }: PriceCell): boolean {
  return (now !== null && now > 0n) || next !== null
}

function cellOf(versions: readonly PriceVersion[], at: Date): PriceCell {
  const inOrder = [...versions].sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime())
  const next = inOrder.find(({ validFrom }) => validFrom > at)
  return {
    now: inOrder.findLast(({ validFrom }) => validFrom <= at)?.microsPerMillion ?? null,
    next: next === undefined ? null : { price: next.microsPerMillion, from: next.validFrom },
  }
}
