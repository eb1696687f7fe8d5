/** A part of a span of time, and what its use is read from: the events themselves or a roll-up of them. */
export interface SpanPart {
  table: 'events' | 'hours' | 'days' | 'months'
  /** Milliseconds since 1970; `to` is exclusive. */
  from: number
  to: number
}

const HOUR_MS = 3_600_000

interface Unit {
  table: SpanPart['table']
  /** The last of its beginnings that is not after a time. */
  floor: (time: number) => number
  /** The first that is not before it. */
  ceil: (time: number) => number
}

function multiplesOf(table: SpanPart['table'], ms: number): Unit {
  return { table, floor: (time) => Math.floor(time / ms) * ms, ceil: (time) => Math.ceil(time / ms) * ms }
}

/** The first of the month so many months from that of `time`, UTC. */
function monthOf(time: number, shift: number): number {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift)
}

/** From the finest to the coarsest; each begins where one of those before it does. */
const UNITS: readonly Unit[] = [
  multiplesOf('hours', HOUR_MS),
  multiplesOf('days', 24 * HOUR_MS),
  { table: 'months', floor: (time) => monthOf(time, 0), ceil: (time) => (monthOf(time, 0) === time ? time : monthOf(time, 1)) },
]

/**
 * What makes up `from` ≤ time < `to`: whole months, whole days and hours at its edges, and the events
 * of the hours that it cuts. Every moment of the span is in exactly one part.
 */
export function spanParts(from: Date, to: Date, coarsest: 'hours' | 'days' | 'months'): SpanPart[] {
  const units = UNITS.slice(0, UNITS.findIndex(({ table }) => table === coarsest) + 1)
  return partsOf(from.getTime(), to.getTime(), units)
}

function partsOf(from: number, to: number, units: readonly Unit[]): SpanPart[] {
  if (from >= to) return []
  const unit = units.at(-1)
  if (unit === undefined) return [{ table: 'events', from, to }]
  const finer = units.slice(0, -1)
  const [first, last] = [unit.ceil(from), unit.floor(to)]
  if (first >= last) return partsOf(from, to, finer)
  return [...partsOf(from, first, finer), { table: unit.table, from: first, to: last }, ...partsOf(last, to, finer)]
}
