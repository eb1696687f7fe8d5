import { z } from 'zod'
import type { Env } from '@/lib/contract/env'
import type { DueExport } from '@/lib/db/usage-exports'
import type { Answer, UsageSink } from './export-usage'
import { cloudEvent, usageRow } from './usage-formats'

const TIMEOUT_MS = 15_000

/** How a batch of events is sent, and what a refusal says of each. */
interface Dialect {
  url: URL
  headers: Record<string, string>
  body: (events: readonly DueExport[]) => unknown
  /** Which events of a refused batch the sink has already, by place. */
  known: (answer: unknown) => ReadonlySet<number>
}

/**
 * OpenMeter's `POST /api/v1/events` with a batch of CloudEvents (https://openmeter.io/docs/metering/events/overview).
 * It tells copies by source and id.
 */
export function openMeterSink(env: Env, timeoutMs?: number): UsageSink | null {
  if (env.OPENMETER_URL === undefined) return null
  const dialect: Dialect = {
    url: new URL('/api/v1/events', env.OPENMETER_URL),
    headers: { 'content-type': 'application/cloudevents-batch+json', ...bearer(env.OPENMETER_TOKEN) },
    body: (events) => events.map(({ event }) => cloudEvent(usageRow(event))),
    known: () => new Set(),
  }
  return { name: 'openmeter', batch: 100, tellsCopiesForMs: null, takesUntilMs: null, send: sender(dialect, timeoutMs) }
}

/** Lago's refusal of a batch: by place, then by field. */
const lagoRefusal = z.object({ error_details: z.record(z.string(), z.object({ transaction_id: z.array(z.string()).optional() }).loose()) })

/**
 * Lago's `POST /api/v1/events/batch`, up to 100 events (https://getlago.com/docs/api-reference/events/batch).
 * It refuses a transaction_id that it has.
 */
export function lagoSink(env: Env, timeoutMs?: number): UsageSink | null {
  if (env.LAGO_URL === undefined) return null
  const dialect: Dialect = {
    url: new URL('/api/v1/events/batch', env.LAGO_URL),
    headers: { 'content-type': 'application/json', ...bearer(env.LAGO_TOKEN) },
    body: (events) => ({ events: events.map(({ event }) => lagoEvent(event, env)) }),
    known: (answer) => {
      const refusal = lagoRefusal.safeParse(answer)
      if (!refusal.success) return new Set()
      const places = Object.entries(refusal.data.error_details)
      return new Set(places.filter(([, fields]) => fields.transaction_id?.includes('value_already_exist') === true).map(([place]) => Number(place)))
    },
  }
  return { name: 'lago', batch: 100, tellsCopiesForMs: null, takesUntilMs: null, send: sender(dialect, timeoutMs) }
}

function lagoEvent(event: DueExport['event'], env: Env) {
  const { id, time, org, ...properties } = usageRow(event)
  return {
    transaction_id: id,
    external_subscription_id: env.LAGO_SUBSCRIPTION.replaceAll('{org}', org),
    code: env.LAGO_METRIC,
    // Seconds with a fraction keep the order of events within a second.
    timestamp: Date.parse(time) / 1000,
    properties,
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

/**
 * A refused batch is sent again without what the sink has already, and otherwise in halves, so that
 * one bad event never keeps the others.
 */
function sender(dialect: Dialect, timeoutMs = TIMEOUT_MS): UsageSink['send'] {
  const send = async (events: readonly DueExport[], signal: AbortSignal): Promise<Answer[]> => {
    const all = (answer: Answer): Answer[] => events.map(() => answer)
    if (events.length === 0) return []
    if (signal.aborted) return all({ kind: 'unsent' })
    const reply = await post(dialect, events, timeoutMs)
    if (!('refused' in reply)) return all(reply)
    const known = dialect.known(reply.refused)
    if (known.size > 0) {
      const rest = await send(events.filter((_, place) => !known.has(place)), signal)
      let next = 0
      return events.map((_, place) => (known.has(place) ? { kind: 'delivered' } : (rest[next++] ?? { kind: 'unsent' })))
    }
    if (events.length === 1) return all({ kind: 'refused', error: reply.error })
    const half = Math.ceil(events.length / 2)
    return [...(await send(events.slice(0, half), signal)), ...(await send(events.slice(half), signal))]
  }
  return send
}

async function post(dialect: Dialect, events: readonly DueExport[], timeoutMs: number): Promise<Answer | { refused: unknown; error: string }> {
  const { url, headers, body } = dialect
  try {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body(events)), signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
    const text = await response.text()
    if (response.ok) return { kind: 'delivered' }
    const error = `${response.status}: ${text}`
    if (response.status === 400 || response.status === 422) return { refused: parsed(text), error }
    return { kind: 'failed', error, unsure: response.status >= 500 }
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error.message : String(error), unsure: true }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
