import { appClient } from './client'
import { storableText } from './storable-text'
import { withOperator, withTenant } from './tenant'

/** What makes one request the repeat of another. */
export interface IdempotentKey {
  orgId: string
  /** The API key, or the person. */
  callerId: string
  /** As in `POST /v1/completions`. */
  route: string
  idempotencyKey: string
}

export interface StoredAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
}

export type Begun =
  | { outcome: 'begun' }
  | { outcome: 'in_flight' }
  /** The same idempotency key came with another body. */
  | { outcome: 'different' }
  /** `answer` is null where it was not kept. */
  | { outcome: 'finished'; answer: StoredAnswer | null }

/** An answer is kept for so long, and its key may then be used for something else. */
const KEPT_MS = 24 * 60 * 60 * 1000

interface BegunRow {
  outcome: Begun['outcome']
  status: number | null
  headers: Record<string, string> | null
  body: Uint8Array<ArrayBuffer> | null
}

/** One round trip. The request is under way for `leaseSeconds`, unless that is extended. */
export async function beginIdempotent(key: IdempotentKey, request: { requestId: string; bodyDigest: string; leaseSeconds: number }): Promise<Begun> {
  const rows = await appClient().$queryRaw<BegunRow[]>`
    SELECT outcome, status, headers, body FROM begin_idempotent(
      ${key.orgId}::uuid, ${key.callerId}::uuid, ${key.route}, ${storableText(key.idempotencyKey)}, ${request.bodyDigest}, ${request.requestId},
      make_interval(secs => ${request.leaseSeconds}), make_interval(secs => ${KEPT_MS / 1000}))`
  const [row] = rows
  if (row === undefined) throw new Error('begin_idempotent answers with one row.')
  const { outcome, status, headers, body } = row
  if (outcome !== 'finished') return { outcome }
  return { outcome, answer: status === null || headers === null || body === null ? null : { status, headers, body } }
}

/** Only the request that holds the lease can extend it, or end with an answer or without. */
function held(key: IdempotentKey, requestId: string) {
  return { ...key, idempotencyKey: storableText(key.idempotencyKey), requestId, finishedAt: null }
}

export async function extendIdempotent(key: IdempotentKey, requestId: string, leaseSeconds: number): Promise<void> {
  await withTenant(key.orgId, (tx) =>
    tx.idempotentRequest.updateMany({ where: held(key, requestId), data: { leaseUntil: new Date(Date.now() + leaseSeconds * 1000) } }),
  )
}

/** Keeps the answer for repeats; null where it was given and cannot be given again. */
export async function finishIdempotent(key: IdempotentKey, requestId: string, answer: StoredAnswer | null): Promise<void> {
  await withTenant(key.orgId, (tx) =>
    tx.idempotentRequest.updateMany({ where: held(key, requestId), data: { finishedAt: new Date(), ...answer } }),
  )
}

/** Forgets a request that came to nothing: the next one with its key is done anew. */
export async function dropIdempotent(key: IdempotentKey, requestId: string): Promise<void> {
  await withTenant(key.orgId, (tx) => tx.idempotentRequest.deleteMany({ where: held(key, requestId) }))
}

/** As the operator; returns how many answers went. */
export async function pruneIdempotent(now = new Date()): Promise<number> {
  const { count } = await withOperator((tx) => tx.idempotentRequest.deleteMany({ where: { createdAt: { lt: new Date(now.getTime() - KEPT_MS) }, leaseUntil: { lt: now } } }))
  return count
}
