import type { Feature } from '@/lib/contract/feature'

/** What was used, in whole tokens and code points. */
export interface BilledUse {
  feature: Feature
  promptTokens: number
  completionTokens: number
  characters: number
}

interface Price {
  /** Micro-units (a millionth of the currency unit) for a million prompt tokens. */
  prompt: bigint
  /** Micro-units for a million completion tokens. */
  completion: bigint
  /** Micro-units for a million characters of source text. */
  characters: bigint
}

const MILLION = 1_000_000n

const BY_TOKEN: Price = { prompt: 500_000n, completion: 1_500_000n, characters: 0n }

/** Translation is sold by the character, as people know it; its tokens cost nothing beside. */
const PRICES: Record<Feature, Price> = {
  chat: BY_TOKEN,
  write: BY_TOKEN,
  completion: BY_TOKEN,
  translate: { prompt: 0n, completion: 0n, characters: 20_000_000n },
}

/**
 * The price of one request in whole micro-units. The exact sum over prompt, completion and
 * characters is rounded once, up: a request that used anything is never free, and no fraction of
 * a micro-unit is kept. Throws RangeError where a count is negative or not whole.
 */
export function costMicros(used: BilledUse): bigint {
  const price = PRICES[used.feature]
  const millionths =
    count(used.promptTokens) * price.prompt + count(used.completionTokens) * price.completion + count(used.characters) * price.characters
  return (millionths + MILLION - 1n) / MILLION
}

function count(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`A count must be a whole number of at least 0, not ${value}.`)
  return BigInt(value)
}
