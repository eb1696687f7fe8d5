import type { Feature } from '@/lib/contract/feature'
import type { Plan } from './plans'

export const PRICE_DIRECTIONS = ['prompt', 'completion', 'characters', 'training'] as const

export type PriceDirection = (typeof PRICE_DIRECTIONS)[number]

/** A version's model that stands for every one that has no price of its own. */
export const EVERY_MODEL = '*'

/** One price from a moment on, until there is a later one for the same plan, model, feature and direction. */
export interface PriceVersion {
  plan: Plan
  /** A model's name or EVERY_MODEL. */
  model: string
  feature: Feature
  direction: PriceDirection
  /** Micro-units (a millionth of the currency unit) for a million tokens or characters; null ends a model's own price. */
  microsPerMillion: bigint | null
  validFrom: Date
}

/** Micro-units for a million of each. */
export type Prices = Record<PriceDirection, bigint>

/** What was used, in whole tokens and code points. */
export interface BilledUse {
  promptTokens: number
  completionTokens: number
  characters: number
  trainingTokens?: number
}

const MILLION = 1_000_000n

/**
 * The prices of one moment: the model's own where it has one, else every model's; 0 where there is
 * neither. The same choice as the SQL function `ledger_prices`, by which requests are billed.
 */
export function pricesFor(list: readonly PriceVersion[], sold: { plan: Plan; model: string; feature: Feature; at: Date }): Prices {
  const latest = (model: string, direction: PriceDirection): bigint | null =>
    list
      .filter((version) => version.plan === sold.plan && version.feature === sold.feature && version.model === model && version.direction === direction)
      .filter(({ validFrom }) => validFrom <= sold.at)
      .reduce<PriceVersion | null>((last, version) => (last === null || version.validFrom > last.validFrom ? version : last), null)?.microsPerMillion ?? null
  const priceOf = (direction: PriceDirection): bigint => latest(sold.model, direction) ?? latest(EVERY_MODEL, direction) ?? 0n
  return { prompt: priceOf('prompt'), completion: priceOf('completion'), characters: priceOf('characters'), training: priceOf('training') }
}

/**
 * The price of one request in whole micro-units. The exact sum over all directions is rounded once,
 * up: no fraction of a micro-unit is kept, and a request that used something that has a price is
 * never free. Throws RangeError where a count is negative or not whole.
 */
export function costMicros(used: BilledUse, prices: Prices): bigint {
  const millionths =
    count(used.promptTokens) * prices.prompt +
    count(used.completionTokens) * prices.completion +
    count(used.characters) * prices.characters +
    count(used.trainingTokens ?? 0) * prices.training
  return (millionths + MILLION - 1n) / MILLION
}

/** The most that a request can use. */
export interface MostUse {
  /** Prompt and completion together. */
  tokens: number
  /** Those of `tokens` that are known to be prompt; the others may be either. */
  promptTokens?: number
  characters: number
  trainingTokens?: number
}

/** The most that a request can cost: what is held from a budget for it. */
export function mostMicros(most: MostUse, prices: Prices): bigint {
  const { tokens, promptTokens = 0, characters, trainingTokens = 0 } = most
  const dearer = prices.prompt > prices.completion ? prices.prompt : prices.completion
  return costMicros({ promptTokens, completionTokens: tokens - promptTokens, characters, trainingTokens }, { ...prices, completion: dearer })
}

function count(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`A count must be a whole number of at least 0, not ${value}.`)
  return BigInt(value)
}
