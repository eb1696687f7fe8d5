import type { Prisma } from './generated/client'
import { withOperator } from './tenant'
import { usageEventOf, type UsageEvent } from './usage-event'

/** The services that usage can be passed on to. */
export const SINKS = ['stripe', 'openmeter', 'lago'] as const

export type SinkName = (typeof SINKS)[number]

export interface DueExport {
  event: UsageEvent
  /** Stripe's id of the organisation; null where Stripe does not know it. */
  customerId: string | null
  /** How often it was sent, this time counted. */
  attempts: number
  /** When it was first sent without a clear answer; null where the sink surely has not got it. */
  unsureSince: Date | null
}

/** What became of an attempt. */
export type Outcome =
  | { kind: 'delivered' }
  /** It was not sent at all. */
  | { kind: 'unsent' }
  /** `unsure`: the sink may have taken it all the same. `after`: seconds until the next attempt. */
  | { kind: 'failed'; error: string; unsure: boolean; after: number }
  /** It is given up. */
  | { kind: 'refused'; error: string }

const ERROR_LENGTH = 500

/** As the operator: from now on new events go to these sinks and to no other. What waits for another stays. */
export async function setSinks(names: readonly SinkName[]): Promise<void> {
  await withOperator(async (tx) => {
    const known = await tx.usageSink.findMany({ where: { enabled: true } })
    const before = known.map(({ name }) => name)
    const started = names.filter((name) => !before.includes(name))
    for (const name of started) await tx.usageSink.upsert({ where: { name }, create: { name, enabled: true }, update: { enabled: true } })
    if (before.length + started.length > names.length) {
      await tx.usageSink.updateMany({ where: { name: { notIn: [...names] } }, data: { enabled: false } })
    }
  })
}

/**
 * As the operator: takes up to `limit` events that are due, oldest first. They are nobody else's for
 * `leaseSeconds`; a process that dies leaves them to the next one after that.
 */
export async function claimExports(sink: SinkName, limit: number, leaseSeconds: number): Promise<DueExport[]> {
  return withOperator(async (tx) => {
    const rows = await tx.$queryRaw<{ event_id: string; attempts: number; unsure_before: Date | null; customer_id: string | null }[]>`
      WITH due AS (
        SELECT sink, event_id, unsure_since AS unsure_before FROM usage_exports
        WHERE sink = ${sink} AND dead_at IS NULL AND next_attempt_at <= clock_timestamp()
        ORDER BY next_attempt_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), claimed AS (
        UPDATE usage_exports x SET
          attempts = x.attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
          -- Until there is an answer, it may have been taken.
          unsure_since = coalesce(x.unsure_since, clock_timestamp())
        FROM due WHERE x.sink = due.sink AND x.event_id = due.event_id
        RETURNING x.event_id, x.org_id, x.attempts, due.unsure_before
      )
      SELECT c.event_id, c.attempts, c.unsure_before, b.customer_id FROM claimed c LEFT JOIN billing_customers b ON b.org_id = c.org_id`
    const events = await tx.usageEvent.findMany({ where: { id: { in: rows.map(({ event_id }) => event_id) } } })
    const byId = new Map(events.map((event) => [event.id, usageEventOf(event)]))
    const gone = rows.filter(({ event_id }) => !byId.has(event_id)).map(({ event_id }) => event_id)
    if (gone.length > 0) await tx.usageExport.deleteMany({ where: { sink, eventId: { in: gone } } })
    return rows
      .flatMap(({ event_id, attempts, unsure_before, customer_id }) => {
        const event = byId.get(event_id)
        return event === undefined ? [] : [{ event, customerId: customer_id, attempts, unsureSince: unsure_before }]
      })
      .sort((a, b) => a.event.time.getTime() - b.event.time.getTime())
  })
}

/** As the operator: keeps what became of claimed events. */
export async function recordOutcomes(sink: SinkName, outcomes: readonly (readonly [DueExport, Outcome])[]): Promise<void> {
  const delivered = outcomes.filter(([, { kind }]) => kind === 'delivered').map(([{ event }]) => event.id)
  const rest = outcomes.flatMap(([due, outcome]) => (outcome.kind === 'delivered' ? [] : [afterAttempt(due, outcome)]))
  await withOperator(async (tx) => {
    if (rest.length > 0) {
      await tx.$executeRaw`
        UPDATE usage_exports x SET
          attempts = o.attempts, unsure_since = o.unsure_since, last_error = coalesce(o.last_error, x.last_error),
          next_attempt_at = clock_timestamp() + make_interval(secs => o.after),
          dead_at = CASE WHEN o.dead THEN clock_timestamp() END
        FROM jsonb_to_recordset(${JSON.stringify(rest)}::jsonb)
          AS o(event_id uuid, attempts int, unsure_since timestamptz, last_error text, after float8, dead boolean)
        WHERE x.sink = ${sink} AND x.event_id = o.event_id`
    }
    if (delivered.length > 0) {
      const { count } = await tx.usageExport.deleteMany({ where: { sink, eventId: { in: delivered } } })
      await tx.usageSink.updateMany({ where: { name: sink }, data: { delivered: { increment: count }, deliveredAt: new Date() } })
    }
  })
}

function afterAttempt({ event, attempts, unsureSince }: DueExport, outcome: Exclude<Outcome, { kind: 'delivered' }>) {
  const same = { event_id: event.id, attempts, unsure_since: unsureSince, last_error: null as string | null, after: 0, dead: false }
  switch (outcome.kind) {
    case 'unsent':
      return { ...same, attempts: attempts - 1 }
    case 'failed':
      return {
        ...same,
        unsure_since: unsureSince ?? (outcome.unsure ? new Date() : null),
        last_error: outcome.error.slice(0, ERROR_LENGTH),
        after: outcome.after,
      }
    case 'refused':
      return { ...same, last_error: outcome.error.slice(0, ERROR_LENGTH), dead: true }
  }
}

export interface SinkState {
  name: SinkName
  enabled: boolean
  /** Events that it has taken. */
  delivered: number
  deliveredAt: Date | null
  /** Events that wait, and the oldest one's time of arrival. */
  waiting: number
  waitingSince: Date | null
  /** Events that were given up. */
  dead: number
}

/** As the operator: every sink that was ever set. */
export async function sinkStates(): Promise<SinkState[]> {
  const rows = await withOperator(
    (tx) => tx.$queryRaw<
      { name: SinkName; enabled: boolean; delivered: bigint; delivered_at: Date | null; waiting: bigint; waiting_since: Date | null; dead: bigint }[]
    >`
      SELECT s.name, s.enabled, s.delivered, s.delivered_at, count(x.event_id) FILTER (WHERE x.dead_at IS NULL) AS waiting,
        min(x.created_at) FILTER (WHERE x.dead_at IS NULL) AS waiting_since, count(x.dead_at) AS dead
      FROM usage_sinks s LEFT JOIN usage_exports x ON x.sink = s.name GROUP BY s.name ORDER BY s.name`,
  )
  return rows.map(({ name, enabled, delivered, delivered_at, waiting, waiting_since, dead }) => ({
    name,
    enabled,
    delivered: Number(delivered),
    deliveredAt: delivered_at,
    waiting: Number(waiting),
    waitingSince: waiting_since,
    dead: Number(dead),
  }))
}

export interface DeadExport {
  sink: string
  eventId: string
  orgId: string
  attempts: number
  error: string | null
  deadAt: Date
}

/** As the operator: what was given up, newest first. */
export async function deadExports(limit: number): Promise<DeadExport[]> {
  const rows = await withOperator((tx) => tx.usageExport.findMany({ where: { deadAt: { not: null } }, orderBy: { deadAt: 'desc' }, take: limit }))
  return rows.flatMap(({ sink, eventId, orgId, attempts, lastError, deadAt }) =>
    deadAt === null ? [] : [{ sink, eventId, orgId, attempts, error: lastError, deadAt }],
  )
}

/** As the operator: sends what was given up once more, without the memory of earlier attempts. Returns how many events. */
export async function reviveExports(sink: SinkName, eventIds?: readonly string[]): Promise<number> {
  const which: Prisma.UsageExportWhereInput = { sink, deadAt: { not: null }, ...(eventIds && { eventId: { in: [...eventIds] } }) }
  const { count } = await withOperator((tx) =>
    tx.usageExport.updateMany({ where: which, data: { deadAt: null, unsureSince: null, attempts: 0, nextAttemptAt: new Date() } }),
  )
  return count
}
