import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import type pg from 'pg'
import { expect, it } from 'vitest'
import { AppError } from '@/lib/contract/errors'
import { costMicros, pricesFor } from '@/lib/domain/pricing'
import { createApiKey } from './api-keys'
import { setKeyQuota, setMemberQuota, writeBudget } from './budgets'
import { isConnectionLoss } from './connection-loss'
import { extendHold, placeHold, releaseHold, settleHold } from './ledger'
import { sweepHolds } from './ledger-sweep'
import { pricesAt } from './price-list'
import { reconcile } from './reconcile'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

interface World {
  orgId: string
  userId: string
  keyId: string
}

const limit = fc.option(fc.integer({ min: 0, max: 900 }), { freq: 2 })
const limits = fc.record({ tokens: fc.integer({ min: 300, max: 1200 }), characters: fc.integer({ min: 50, max: 400 }), micros: fc.option(fc.integer({ min: 500, max: 8000 }), { freq: 2 }), member: limit, key: limit })

async function makeWorld({ tokens, characters, micros, member, key }: { tokens: number; characters: number; micros: number | null; member: number | null; key: number | null }): Promise<World> {
  const { orgId, userId } = await makeTenant({ tokenQuota: tokens, characterQuota: characters })
  const { id: keyId } = await createApiKey(orgId, { name: 'Key', scopes: ['chat'], createdBy: userId, expiresAt: null, prefix: 'pk_', hash: randomUUID() })
  await writeBudget(orgId, { limitMicros: micros === null ? null : BigInt(micros), hardStop: true, alertPercents: [] })
  await setMemberQuota(orgId, userId, member)
  await setKeyQuota(orgId, keyId, key)
  return { orgId, userId, keyId }
}

/** When what expires now has expired for certain. */
const soon = () => new Date(Date.now() + 1000)

const share = fc.integer({ min: 0, max: 100 })
const request = fc.record({
  world: fc.nat({ max: 1 }),
  caller: fc.constantFrom('member', 'key', 'both', 'nobody'),
  feature: fc.constantFrom('chat', 'translate'),
  promptTokens: fc.integer({ min: 0, max: 20 }),
  completionTokens: fc.integer({ min: 0, max: 40 }),
  characters: fc.integer({ min: 0, max: 30 }),
  share,
  noted: fc.option(share),
  ending: fc.constantFrom('settle', 'settle', 'settle at once in two processes', 'release', 'die', 'keep'),
  pauses: fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 15 })),
})

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never

interface Use {
  promptTokens: number
  completionTokens: number
  characters: number
}

/** What a client knows when it is done: `maybe` where the connection was lost and nobody told it. */
interface Outcome {
  orgId: string
  requestId: string
  held: 'yes' | 'no' | 'maybe'
  /** The event that there must be; null: none. */
  event: Use | null
  /** Whether the hold must still stand. */
  standing: boolean
}

async function perform(worlds: readonly World[], asked: Request): Promise<Outcome> {
  const world = worlds[asked.world]
  if (world === undefined) throw new Error('There are two worlds.')
  const { orgId } = world
  const requestId = randomUUID()
  const userId = asked.caller === 'member' || asked.caller === 'both' ? world.userId : null
  const keyId = asked.caller === 'key' || asked.caller === 'both' ? world.keyId : null
  const part = (of: number): Use => ({
    promptTokens: asked.promptTokens,
    completionTokens: Math.floor((asked.completionTokens * of) / 100),
    characters: asked.feature === 'translate' ? Math.floor((asked.characters * of) / 100) : 0,
  })
  const { promptTokens, completionTokens } = asked
  const characters = asked.feature === 'translate' ? asked.characters : 0
  const hold = { requestId, userId, keyId, model: 'm', feature: asked.feature, tokens: promptTokens + completionTokens, promptTokens, characters, ttlSeconds: asked.ending === 'die' ? 0 : 600 }
  const [first, second] = asked.pauses
  await delay(first)
  try {
    await placeHold(orgId, hold)
  } catch (error) {
    if (error instanceof AppError && error.code === 'insufficient_quota') return { orgId, requestId, held: 'no', event: null, standing: false }
    if (isConnectionLoss(error)) return { orgId, requestId, held: 'maybe', event: null, standing: false }
    throw error
  }
  const noted = asked.noted === null ? null : part(Math.min(asked.noted, asked.share))
  // A hold of a request that is about to die may have been swept before.
  if (noted !== null && asked.ending !== 'die') expect(await extendHold(orgId, requestId, { ttlSeconds: 600, soFar: noted })).toBe(true)
  await delay(second)
  const used = part(asked.share)
  switch (asked.ending) {
    case 'release':
      await releaseHold(orgId, requestId)
      return { orgId, requestId, held: 'yes', event: null, standing: false }
    case 'die':
      return { orgId, requestId, held: 'yes', event: null, standing: false }
    case 'keep':
      return { orgId, requestId, held: 'yes', event: null, standing: true }
    case 'settle':
      await settleHold(orgId, requestId, used)
      return { orgId, requestId, held: 'yes', event: used, standing: false }
    case 'settle at once in two processes': {
      const settlements = await Promise.all([settleHold(orgId, requestId, used), settleHold(orgId, requestId, used)])
      expect(new Set(settlements.map((settlement) => settlement.costMicros)).size).toBe(1)
      return { orgId, requestId, held: 'yes', event: used, standing: false }
    }
  }
}

/** Ends sessions of the app and of the sweeper at random until told to stop; returns how many. */
async function killSessions(client: pg.Client, stopped: AbortSignal): Promise<number> {
  let killed = 0
  while (!stopped.aborted) {
    const { rowCount } = await client.query(`SELECT pg_terminate_backend(pid) FROM (
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename IN ('parley_app', 'parley_operator') ORDER BY random() LIMIT 1) AS one`)
    killed += rowCount ?? 0
    await delay(Math.random() * 30)
  }
  return killed
}

async function sweepUntil(stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await sweepHolds().catch((error: unknown) => {
      if (!isConnectionLoss(error)) throw error
    })
    await delay(3)
  }
}

/** Every quota that is overdrawn at this moment. */
const OVERDRAWN = `
  SELECT o.id, 'organisation' AS whose FROM organizations o JOIN usage_balances b ON b.org_id = o.id LEFT JOIN budgets g ON g.org_id = o.id
  WHERE b.tokens_used + b.tokens_held > o.token_quota OR b.characters_used + b.characters_held > o.character_quota
    OR b.cost_micros_used + b.cost_micros_held > g.limit_micros
  UNION ALL
  SELECT b.org_id, 'member' FROM caller_balances b JOIN memberships m ON m.org_id = b.org_id AND m.user_id = b.caller_id WHERE b.tokens_used + b.tokens_held > m.token_quota
  UNION ALL
  SELECT b.org_id, 'key' FROM caller_balances b JOIN api_keys k ON k.org_id = b.org_id AND k.id = b.caller_id WHERE b.tokens_used + b.tokens_held > k.token_quota`

async function watchQuotas(client: pg.Client, stopped: AbortSignal): Promise<void> {
  do {
    expect((await client.query(OVERDRAWN)).rows).toEqual([])
    await delay(2)
  } while (!stopped.aborted)
}

interface Row {
  request_id: string
  kind: 'event' | 'hold'
  prompt_tokens: string
  completion_tokens: string
  characters: string
  cost_micros: string
}

async function rowsOf(client: pg.Client, orgIds: readonly string[]): Promise<Map<string, Row[]>> {
  const { rows } = await client.query<Row>(
    `SELECT request_id, 'event' AS kind, prompt_tokens, completion_tokens, characters, cost_micros FROM usage_events WHERE org_id = ANY($1)
     UNION ALL SELECT request_id, 'hold', 0, 0, 0, cost_micros FROM ledger_holds WHERE org_id = ANY($1) AND released_at IS NULL`,
    [orgIds],
  )
  const byRequest = new Map<string, Row[]>()
  for (const row of rows) byRequest.set(row.request_id, [...(byRequest.get(row.request_id) ?? []), row])
  return byRequest
}

it('no quota is overdrawn by one token, no event is there twice or missing, and every sum agrees, whichever sessions are killed when', async () => {
  const prices = await pricesAt(new Date())
  const seen = { killed: 0, refused: 0, settled: 0, lost: 0 }
  await withConnection(database.ownerUrl, (killer) =>
    withConnection(database.ownerUrl, (watcher) =>
      fc.assert(
        fc.asyncProperty(fc.tuple(limits, limits), fc.array(request, { minLength: 20, maxLength: 70 }), async (worldLimits, requests) => {
          const worlds = await Promise.all(worldLimits.map(makeWorld))
          const over = new AbortController()
          const aside = Promise.all([killSessions(killer, over.signal), watchQuotas(watcher, over.signal), sweepUntil(over.signal)])
          // Awaited below; what it finds must not be lost where a request fails first.
          aside.catch(() => undefined)
          const outcomes = await Promise.all(requests.map((asked) => perform(worlds, asked))).finally(() => over.abort())
          seen.killed += (await aside)[0]
          await sweepHolds(soon())
          const rows = await rowsOf(watcher, worlds.map(({ orgId }) => orgId))
          for (const { requestId, held, event, standing } of outcomes) {
            const kinds = (rows.get(requestId) ?? []).map(({ kind }) => kind)
            if (held === 'maybe') {
              seen.lost += 1
              expect(kinds.every((kind) => kind === 'hold')).toBe(true)
              continue
            }
            expect(kinds, requestId).toEqual(event !== null ? ['event'] : standing ? ['hold'] : [])
            if (held === 'no') seen.refused += 1
            if (event === null) continue
            seen.settled += 1
            const feature = requests[outcomes.findIndex((outcome) => outcome.requestId === requestId)]?.feature ?? 'chat'
            const cost = costMicros(event, pricesFor(prices, { plan: 'free', model: 'm', feature, at: new Date() }))
            expect(rows.get(requestId)).toMatchObject([
              { prompt_tokens: `${event.promptTokens}`, completion_tokens: `${event.completionTokens}`, characters: `${event.characters}`, cost_micros: `${cost}` },
            ])
          }
          expect((await reconcile()).differences).toEqual([])
        }),
        { numRuns: 10, endOnFailure: true },
      ),
    ),
  )
  // The runs meant something.
  for (const [what, count] of Object.entries(seen)) if (what !== 'lost') expect(count, what).toBeGreaterThan(20)
})

it('what a dead process had noted is settled, once, and nothing more is held for it', async () => {
  const { orgId } = await makeTenant({ tokenQuota: 1000 })
  const noted = { promptTokens: 5, completionTokens: 4, characters: 0 }
  const ids = Array.from({ length: 12 }, () => randomUUID())
  await Promise.all(
    ids.map(async (requestId, index) => {
      await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'chat', tokens: 50, characters: 0, ttlSeconds: 600 })
      await extendHold(orgId, requestId, { ttlSeconds: 0, ...(index % 2 === 0 ? { soFar: noted } : {}) })
    }),
  )
  await Promise.all(Array.from({ length: 4 }, () => sweepHolds(soon())))
  await withConnection(database.ownerUrl, async (client) => {
    const rows = await rowsOf(client, [orgId])
    expect(rows.size).toBe(6)
    expect(ids.filter((id) => rows.has(id))).toEqual(ids.filter((_, index) => index % 2 === 0))
    const { rows: balances } = await client.query('SELECT tokens_used, tokens_held FROM usage_balances WHERE org_id = $1', [orgId])
    expect(balances).toEqual([{ tokens_used: '54', tokens_held: '0' }])
  })
  expect((await reconcile(orgId)).differences).toEqual([])
})
