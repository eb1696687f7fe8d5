import type { DayUsage } from '@/lib/db/usage'

export interface Sums {
  promptTokens: number
  completionTokens: number
  characters: number
  requests: number
}

type Countable = Pick<DayUsage, 'day' | keyof Sums>

const NOTHING: Sums = { promptTokens: 0, completionTokens: 0, characters: 0, requests: 0 }

function add(a: Sums, b: Sums): Sums {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    characters: a.characters + b.characters,
    requests: a.requests + b.requests,
  }
}

/** The sums under each name, the one with the most tokens first. */
export function totalsBy<Row extends Countable>(rows: readonly Row[], nameOf: (row: Row) => string): (Sums & { name: string })[] {
  const sums = new Map<string, Sums>()
  for (const row of rows) sums.set(nameOf(row), add(sums.get(nameOf(row)) ?? NOTHING, row))
  return [...sums]
    .map(([name, sum]) => ({ name, ...sum }))
    .sort((a, b) => b.promptTokens + b.completionTokens - a.promptTokens - a.completionTokens)
}

/** Every day of `start` ≤ day < `end` (00:00 UTC each) in order, those without use too; `day` as YYYY-MM-DD. */
export function daysOfMonth(rows: readonly Countable[], start: Date, end: Date): (Sums & { day: string })[] {
  const byDay = new Map<string, Sums>()
  for (const row of rows) {
    const day = row.day.toISOString().slice(0, 10)
    byDay.set(day, add(byDay.get(day) ?? NOTHING, row))
  }
  const days: (Sums & { day: string })[] = []
  for (let date = new Date(start); date < end; date = new Date(date.getTime() + 86_400_000)) {
    const day = date.toISOString().slice(0, 10)
    days.push({ day, ...(byDay.get(day) ?? NOTHING) })
  }
  return days
}
