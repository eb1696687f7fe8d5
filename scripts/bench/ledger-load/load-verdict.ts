import { readFile } from 'node:fs/promises'
import type pg from 'pg'
import { reconcile } from '@/lib/db/reconcile'
import type { Observed } from './load-request'
import type { LoadTenant } from './load-tenants'

export interface Verdict {
  events: number
  /** Of requests that no client heard of again: it was killed before it could answer. */
  unanswered: number
  tokens: number
  /** Nothing may be in it. */
  faults: string[]
}

interface EventRow {
  request_id: string
  prompt_tokens: number
  completion_tokens: number
  characters: number
}

/** Quotas that are overdrawn, by whatever is used and held together. */
const OVERDRAWN = `
  SELECT 'organisation ' || o.id AS whose FROM organizations o JOIN usage_balances b ON b.org_id = o.id LEFT JOIN budgets g ON g.org_id = o.id
  WHERE b.tokens_used + b.tokens_held > o.token_quota OR b.characters_used + b.characters_held > o.character_quota
    OR b.cost_micros_used + b.cost_micros_held > g.limit_micros
  UNION ALL
  SELECT 'key ' || k.id FROM caller_balances b JOIN api_keys k ON k.org_id = b.org_id AND k.id = b.caller_id WHERE b.tokens_used + b.tokens_held > k.token_quota`

/**
 * Whether what these tenants' clients saw, what the ledger has and (where there is a log of it) what the worker sent
 * agree. `client` is the database's owner; nothing runs any more, and what the dead held was swept.
 */
export async function judge(client: pg.Client, tenants: readonly LoadTenant[], observed: readonly Observed[], stubLog: string | null): Promise<Verdict> {
  const { rows } = await client.query<EventRow>(
    `SELECT request_id, prompt_tokens::int AS prompt_tokens, completion_tokens::int AS completion_tokens, characters::int AS characters FROM usage_events WHERE org_id = ANY($1)`,
    [tenants.map(({ orgId }) => orgId)],
  )
  const events = new Map(rows.map((row) => [row.request_id, row]))
  const faults: string[] = []
  const known = new Set<string>()
  for (const one of observed) {
    if (one.requestId === null) continue
    known.add(one.requestId)
    const fault = faultOf(one, events.get(one.requestId))
    if (fault !== null) faults.push(`${one.kind}, ${one.outcome}, ${one.requestId}: ${fault}`)
  }
  if (stubLog !== null) {
    const sent = await tokensSent(stubLog)
    for (const { request_id, completion_tokens } of rows) {
      const most = sent.get(request_id) ?? 0
      if (completion_tokens > most) faults.push(`${request_id}: billed ${completion_tokens} tokens, and the worker sent ${most}`)
    }
  }
  const { holds, differences } = await reconcile()
  if (holds > 0) faults.push(`${holds} holds are left`)
  faults.push(...differences.map((difference) => JSON.stringify(difference)))
  const overdrawn = await client.query<{ whose: string }>(OVERDRAWN)
  faults.push(...overdrawn.rows.map(({ whose }) => `the quota of ${whose} is overdrawn`))
  return {
    events: rows.length,
    unanswered: rows.filter(({ request_id }) => !known.has(request_id)).length,
    tokens: rows.reduce((sum, row) => sum + row.prompt_tokens + row.completion_tokens, 0),
    faults,
  }
}

function faultOf(one: Observed, event: EventRow | undefined): string | null {
  switch (one.outcome) {
    case 'answered':
      if (event === undefined) return 'no event'
      if (one.usage !== null && (one.usage.prompt_tokens !== event.prompt_tokens || one.usage.completion_tokens !== event.completion_tokens)) {
        return `the answer says ${one.usage.prompt_tokens} + ${one.usage.completion_tokens} tokens, the event ${event.prompt_tokens} + ${event.completion_tokens}`
      }
      return one.characters === event.characters ? null : `${one.characters} characters, the event has ${event.characters}`
    case 'cut':
      return (event?.completion_tokens ?? 0) >= one.seen ? null : `${one.seen} tokens were seen, the event has ${event?.completion_tokens ?? 'none'}`
    case 'refused':
      return event === undefined ? null : 'refused and billed'
    case 'failed':
    case 'lost':
      return null
  }
}

/** By request: all that the stub set out to send, over however many calls. */
async function tokensSent(file: string): Promise<Map<string, number>> {
  const sent = new Map<string, number>()
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [call = '', tokens = '0'] = line.split(' ')
    // A request's second and further calls have a number behind its id.
    const requestId = call.slice(0, 36)
    sent.set(requestId, (sent.get(requestId) ?? 0) + Number(tokens))
  }
  return sent
}

/** A row for each kind of request: how many of them ended in which way. */
export function outcomeTable(observed: readonly Observed[], kinds: readonly Observed['kind'][]): [string, string, string, string, string, string][] {
  return kinds.map((kind) => {
    const of = observed.filter((one) => one.kind === kind)
    const count = (outcome: Observed['outcome']) => of.filter((one) => one.outcome === outcome).length.toString()
    return [kind, count('answered'), count('refused'), count('cut'), count('failed'), count('lost')]
  })
}
