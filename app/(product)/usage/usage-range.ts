/** A span of whole days (UTC) that the usage page shows. */
export interface UsageRange {
  /** What was chosen: a preset's name or `custom`. */
  choice: string
  from: Date
  /** Exclusive. */
  to: Date
  /** The last day, for fields and words. */
  lastDay: string
  /** Whether it is shown by days or, where they are many, by months. */
  step: 'day' | 'month'
  /** As in 2026-11 where it is that calendar month. */
  month: string | null
}

export const RANGE_CHOICES = [
  { value: 'month', label: 'This month' },
  { value: 'last-month', label: 'Last month' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '90d', label: 'Last 90 days' },
  { value: 'year', label: 'This year' },
  { value: 'custom', label: 'Other days…' },
] as const

const DAY_MS = 86_400_000
const MOST_DAYS = 366
/** More bars than this are too thin to be told apart. */
const MOST_BARS = 92

/** The span that an address asks for; what makes no sense is this month. */
export function usageRange(params: { range?: string | undefined; from?: string | undefined; to?: string | undefined }, now: Date): UsageRange {
  const today = dayOf(now)
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
  const until = today + DAY_MS
  switch (params.range) {
    case 'last-month':
      return made('last-month', Date.UTC(year, month - 1), Date.UTC(year, month))
    case '7d':
    case '30d':
    case '90d':
      return made(params.range, until - parseInt(params.range, 10) * DAY_MS, until)
    case 'year':
      return made('year', Date.UTC(year, 0), Date.UTC(year + 1, 0))
    case undefined:
    default:
      return customRange(params.from, params.to) ?? made('month', Date.UTC(year, month), Date.UTC(year, month + 1))
  }
}

function customRange(from: string | undefined, to: string | undefined): UsageRange | null {
  const [first, last] = [parseDay(from), parseDay(to)]
  if (first === null || last === null || first > last) return null
  const end = last + DAY_MS
  return made('custom', Math.max(first, end - MOST_DAYS * DAY_MS), end)
}

function made(choice: string, from: number, to: number): UsageRange {
  const start = new Date(from)
  const whole = start.getUTCDate() === 1 && to === Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1)
  return {
    choice,
    from: start,
    to: new Date(to),
    lastDay: isoDay(to - DAY_MS),
    step: (to - from) / DAY_MS > MOST_BARS ? 'month' : 'day',
    month: whole ? isoDay(from).slice(0, 7) : null,
  }
}

function dayOf(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS) * DAY_MS
}

function parseDay(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/u.test(text)) return null
  const time = Date.parse(`${text}T00:00:00Z`)
  // A day that the month does not have is no day.
  return Number.isNaN(time) || isoDay(time) !== text ? null : time
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
