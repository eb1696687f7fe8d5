import { claimExports, recordOutcomes, type DueExport, type Outcome, type SinkName } from '@/lib/db/usage-exports'

/** A service that takes usage events. */
export interface UsageSink {
  name: SinkName
  /** How many events are taken from the outbox at once. */
  batch: number
  /** For how long it tells a second copy of an event from a new one; null: for as long as it keeps events. */
  tellsCopiesForMs: number | null
  /** How old an event may be; null: of any age. */
  takesUntilMs: number | null
  /** What became of each event, in the order given. Takes no new event into hand after `signal`, and does not reject. */
  send: (events: readonly DueExport[], signal: AbortSignal) => Promise<readonly Answer[]>
}

/** A sink's answer; when a failed event is tried again is decided here. */
export type Answer = Exclude<Outcome, { kind: 'failed' }> | { kind: 'failed'; error: string; unsure: boolean }

export interface ExportOptions {
  /** Seconds until the attempt after this one, counted from 1. */
  backOff?: (attempts: number) => number
  /** No batch is begun after this many milliseconds. */
  turnMs?: number
  now?: () => number
}

/** An event that is being sent belongs to this process for so long; well above `turnMs` and the longest request. */
const LEASE_SECONDS = 300

const TURN_MS = 60_000

/** Half a minute, then twice as long each time up to an hour, each 20 % more or less. */
export function backOffSeconds(attempts: number, random = Math.random): number {
  return Math.min(3600, 30 * 2 ** Math.min(attempts - 1, 10)) * (0.8 + 0.4 * random())
}

/**
 * Sends what is due to each sink until nothing is left or the turn is over. At least once: an event
 * leaves the outbox when the sink has taken it, and sinks tell copies by its id. Where a sink no
 * longer could, an event whose fate is unknown is given up rather than billed twice; the operator
 * sees it and decides. Any number of processes may export at once.
 */
export async function exportUsage(sinks: readonly UsageSink[], options: ExportOptions = {}): Promise<{ delivered: number; failed: number; refused: number }> {
  const { backOff = backOffSeconds, turnMs = TURN_MS, now = Date.now } = options
  const totals = { delivered: 0, failed: 0, refused: 0 }
  for (const sink of sinks) {
    const signal = AbortSignal.timeout(turnMs)
    while (!signal.aborted) {
      const due = await claimExports(sink.name, sink.batch, LEASE_SECONDS)
      if (due.length === 0) break
      const late = new Map(due.map((event) => [event, whyTooLate(sink, event, now())]))
      const sendable = due.filter((event) => late.get(event) === null)
      const answers = sendable.length === 0 ? [] : await sink.send(sendable, signal)
      const outcomes = due.map((event): [DueExport, Outcome] => {
        const reason = late.get(event)
        if (typeof reason === 'string') return [event, { kind: 'refused', error: reason }]
        const answer = answers[sendable.indexOf(event)] ?? { kind: 'failed', error: 'The sink gave no answer.', unsure: true }
        return [event, answer.kind === 'failed' ? { ...answer, after: backOff(event.attempts) } : answer]
      })
      await recordOutcomes(sink.name, outcomes)
      for (const [, { kind }] of outcomes) if (kind !== 'unsent') totals[kind] += 1
      // A sink that took nothing is down; the rest waits for the next turn.
      if (!outcomes.some(([, { kind }]) => kind === 'delivered' || kind === 'refused')) break
    }
  }
  return totals
}

/** Null where the event may be sent. */
function whyTooLate(sink: UsageSink, { event, unsureSince }: DueExport, now: number): string | null {
  if (sink.takesUntilMs !== null && event.time.getTime() < now - sink.takesUntilMs) return `It is too old for ${sink.name}.`
  if (sink.tellsCopiesForMs !== null && unsureSince !== null && unsureSince.getTime() < now - sink.tellsCopiesForMs) {
    return `It may have been taken on ${unsureSince.toISOString()}; ${sink.name} would no longer know a copy. Look there before it is sent again.`
  }
  return null
}
