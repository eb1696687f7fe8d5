import { AppError } from '@/lib/contract/errors'
import type { Feature } from '@/lib/contract/feature'
import type { Plan } from '@/lib/domain/plans'
import { EVERY_MODEL, type PriceDirection, type PriceVersion } from '@/lib/domain/pricing'
import { appClient, operatorClient } from './client'
import { databaseError, UNIQUE_VIOLATION } from './database-error'

export interface StoredPriceVersion extends PriceVersion {
  id: string
  /** The operator who set it; null for the prices that Parley came with. */
  createdBy: string | null
  createdAt: Date
}

/** The whole history, newest first within each plan, feature, direction and model; the price list is nobody's secret. */
export function listPriceVersions(): Promise<StoredPriceVersion[]> {
  return appClient().priceVersion.findMany({
    orderBy: [{ plan: 'asc' }, { feature: 'asc' }, { direction: 'asc' }, { model: 'asc' }, { validFrom: 'desc' }],
  })
}

/** The versions that are valid at a moment, one for each plan, feature, direction and model that has a price then. */
export async function pricesAt(at: Date): Promise<StoredPriceVersion[]> {
  const rows = await appClient().priceVersion.findMany({
    where: { validFrom: { lte: at } },
    distinct: ['plan', 'feature', 'direction', 'model'],
    orderBy: [{ plan: 'asc' }, { feature: 'asc' }, { direction: 'asc' }, { model: 'asc' }, { validFrom: 'desc' }],
  })
  return rows.filter(({ microsPerMillion }) => microsPerMillion !== null)
}

export interface NewPrice {
  plan: Plan
  /** A model's name, or '*' for every model that has no price of its own. */
  model: string
  feature: Feature
  direction: PriceDirection
  /** Micro-units for a million; null ends a model's own price. */
  microsPerMillion: bigint | null
  /** At least a second ahead; null: as soon as that allows. */
  validFrom: Date | null
  createdBy: string | null
}

/**
 * As the operator: a price from a moment on; the versions before it stay. AppError `invalid_request`
 * where the moment has begun (its requests are billed already), `conflict` where it has a version.
 */
export async function addPriceVersion(price: NewPrice): Promise<StoredPriceVersion> {
  const { plan, model, feature, direction, microsPerMillion, validFrom, createdBy } = price
  if (model.trim() === '') throw new AppError('invalid_request', 'Name a model, or * for every model.', { param: 'model' })
  if (microsPerMillion === null && model === EVERY_MODEL) throw new AppError('invalid_request', 'The price of every model cannot end. Set it to 0 instead.', { param: 'price' })
  try {
    const [made] = await operatorClient().$queryRaw<{ id: string }[]>`
      SELECT id FROM add_price_version(
        ${plan}::plan, ${model}, ${feature}::feature, ${direction}::price_direction, ${microsPerMillion}::bigint, ${validFrom}, ${createdBy}::uuid)`
    return await operatorClient().priceVersion.findUniqueOrThrow({ where: { id: made?.id ?? '' } })
  } catch (cause) {
    const fault = databaseError(cause)
    if (fault?.sqlState === 'PQ005') throw new AppError('invalid_request', fault.message, { param: 'valid_from', cause })
    if (fault?.sqlState === UNIQUE_VIOLATION) throw new AppError('conflict', 'There is a price for this very moment already.', { param: 'valid_from', cause })
    throw cause
  }
}
