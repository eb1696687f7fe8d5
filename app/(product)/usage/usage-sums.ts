import type { UsageTotals } from '@/lib/db/usage'

import type { UsageRange } from './usage-range'

/** What the page shows of a time or of a group. */
export interface Sums {
  tokens: number
  characters: number
  requests: number
  /** Micro-units. */
  cost: number
}

export const NOTHING: Sums = { tokens: 0, characters: 0, requests: 0, cost: 0 }

function sumsOf({ promptTokens, completionTokens, characters, requests, costMicros, trainingTokens }: UsageTotals): Sums {
  return { tokens: promptTokens + completionTokens + trainingTokens, characters, requests, cost: Number(costMicros) }
}

function add(a: Sums, b: Sums): Sums {
  return { tokens: a.tokens + b.tokens, characters: a.characters + b.characters, requests: a.requests + b.requests, cost: a.cost + b.cost }
}

export function totalOf(rows: readonly UsageTotals[]): Sums {
  return rows.map(sumsOf).reduce(add, NOTHING)
}

export interface Row extends Sums {
  name: string
}

/**
 * The sums under each name, the dearest first, then the one with the most tokens; whatever comes
 * after the first `most` is one last row.
 */
export function rowsBy<R extends UsageTotals>(rows: readonly R[], nameOf: (row: R) => string, most: number): Row[] {
  const sums = new Map<string, Sums>()
  for (const row of rows) sums.set(nameOf(row), add(sums.get(nameOf(row)) ?? NOTHING, sumsOf(row)))
  const all = [...sums].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => b.cost - a.cost || b.tokens - a.tokens || b.requests - a.requests)
  if (all.length <= most + 1) return all
  const rest = all.slice(most)
  return [...all.slice(0, most), { name: `${rest.length} others`, ...rest.reduce(add, NOTHING) }]
}

export interface Point extends Sums {
  /** The day or the month's first day, as YYYY-MM-DD. */
  day: string
}

/** Every day or month of the range in order, those without use too. */
export function pointsOf(rows: readonly (UsageTotals & { time: Date })[], { from, to, step }: Pick<UsageRange, 'from' | 'to' | 'step'>): Point[] {
  const byDay = new Map<string, Sums>()
  for (const row of rows) byDay.set(isoDay(row.time), add(byDay.get(isoDay(row.time)) ?? NOTHING, sumsOf(row)))
  const points: Point[] = []
  const start = step === 'day' ? from : new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth()))
  for (let date = start; date < to; date = after(date, step)) points.push({ day: isoDay(date), ...(byDay.get(isoDay(date)) ?? NOTHING) })
  return points
}

function after(date: Date, step: 'day' | 'month'): Date {
  return step === 'day' ? new Date(date.getTime() + 86_400_000) : new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1))
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}
