import type { UsageTotals } from '@/lib/db/usage'

import { compact, count, money } from './formats'

export const MEASURES = {
  revenue: { label: 'Revenue', valueOf: (sums: UsageTotals) => Number(sums.costMicros), format: money, short: (micros: number) => compact(micros / 1_000_000) },
  tokens: { label: 'Tokens', valueOf: (sums: UsageTotals) => sums.promptTokens + sums.completionTokens, format: count, short: compact },
  characters: { label: 'Characters', valueOf: (sums: UsageTotals) => sums.characters, format: count, short: compact },
  requests: { label: 'Requests', valueOf: (sums: UsageTotals) => sums.requests, format: count, short: compact },
} as const

export type Measure = keyof typeof MEASURES

export function isMeasure(name: string | undefined): name is Measure {
  return name !== undefined && Object.hasOwn(MEASURES, name)
}
