import { z } from 'zod'

const DAY_MS = 86_400_000

/** Whole days, UTC. */
export interface DateRange {
  from: Date
  /** Exclusive. */
  to: Date
}

/** As they stand in an address: the last day included. */
export interface RangeQuery {
  from: string
  to: string
}

const day = z.iso.date()

/** The range that an address asks for, at most two years; the current month where it asks for none that makes sense. */
export function rangeOf(params: { from?: string | undefined; to?: string | undefined }, now = new Date()): DateRange {
  const from = day.safeParse(params.from)
  const to = day.safeParse(params.to)
  if (from.success && to.success) {
    const range = { from: new Date(from.data), to: new Date(new Date(to.data).getTime() + DAY_MS) }
    if (range.from < range.to && range.to.getTime() - range.from.getTime() <= 731 * DAY_MS) return range
  }
  return monthOf(now, 0)
}

export function queryOf({ from, to }: DateRange): RangeQuery {
  return { from: isoDay(from), to: isoDay(new Date(to.getTime() - DAY_MS)) }
}

/** The ranges that are asked for most. */
export function presets(now = new Date()): { name: string; range: DateRange }[] {
  const tomorrow = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
  const last = (days: number): DateRange => ({ from: new Date(tomorrow.getTime() - days * DAY_MS), to: tomorrow })
  return [
    { name: 'This month', range: monthOf(now, 0) },
    { name: 'Last month', range: monthOf(now, -1) },
    { name: '30 days', range: last(30) },
    { name: '90 days', range: last(90) },
  ]
}

/** The calendar month so many months from the current one. */
export function monthOf(now: Date, offset: number): DateRange {
  const start = (shift: number): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset + shift, 1))
  return { from: start(0), to: start(1) }
}

/** So many times 24 hours before now. */
export function daysAgo(days: number, now = new Date()): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}
