import type { LedgerHold } from './generated/client'
import { withOperator, type Transaction } from './tenant'

/** A released hold's row is kept for so long, so that a request thought dead can still settle. */
const KEPT_MS = 24 * 60 * 60 * 1000

/** Attempts this old no longer count towards a lock-out. */
const ATTEMPTS_KEPT_MS = 24 * 60 * 60 * 1000

/**
 * As the operator: settles or releases the holds that a dead process left. An expired hold is
 * settled at what is known to have been delivered (reported by `extendHold`, or stored in a
 * generation's chunks), and released where that is nothing. A generation or a document that is still
 * worked on is left to whoever takes it over. Any number of processes may sweep at once.
 */
export async function sweepHolds(now = new Date()): Promise<{ settled: number; released: number }> {
  const swept = { settled: 0, released: 0 }
  const skipped = new Set<string>()
  for (;;) {
    // One transaction a hold: a sweeper never waits for one balance while it locks another.
    const outcome = await withOperator((tx) => sweepOne(tx, now, [...skipped]))
    if (outcome === null) break
    if (outcome.done === 'skipped') skipped.add(outcome.requestId)
    else swept[outcome.done] += 1
  }
  await withOperator(async (tx) => {
    await tx.ledgerHold.deleteMany({ where: { releasedAt: { lt: new Date(now.getTime() - KEPT_MS) } } })
    await tx.signInAttempt.deleteMany({ where: { updatedAt: { lt: new Date(now.getTime() - ATTEMPTS_KEPT_MS) } } })
  })
  return swept
}

async function sweepOne(
  tx: Transaction,
  now: Date,
  skipped: string[],
): Promise<{ requestId: string; done: 'settled' | 'released' | 'skipped' } | null> {
  const expired = await tx.$queryRaw<{ org_id: string; request_id: string }[]>`
    SELECT org_id, request_id FROM ledger_holds
    WHERE expires_at < ${now} AND released_at IS NULL AND request_id <> ALL(${skipped}::text[])
    ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`
  const found = expired[0]
  if (found === undefined) return null
  const key = { orgId: found.org_id, requestId: found.request_id }
  const hold = await tx.ledgerHold.findUniqueOrThrow({ where: { orgId_requestId: key } })
  const used = await usedSoFar(tx, hold)
  if (used === null) return { requestId: key.requestId, done: 'skipped' }
  if (used.promptTokens + used.completionTokens + used.characters + used.trainingTokens === 0) {
    await tx.$queryRaw`SELECT ledger_release(${key.orgId}::uuid, ${key.requestId}, true)::text`
    return { requestId: key.requestId, done: 'released' }
  }
  await tx.$queryRaw`SELECT settled FROM ledger_settle(
    ${key.orgId}::uuid, ${key.requestId}, ${used.promptTokens}::bigint, ${used.completionTokens}::bigint, ${used.characters}::bigint,
    ${used.trainingTokens}::bigint)`
  return { requestId: key.requestId, done: 'settled' }
}

/** Null while a generation or a document of this request is still worked on. */
async function usedSoFar(tx: Transaction, hold: LedgerHold) {
  const { orgId, requestId } = hold
  const generation = await tx.generation.findUnique({
    where: { orgId_requestId: { orgId, requestId } },
    include: { chunks: { select: { tokenIds: true } } },
  })
  if (generation?.status === 'running') return null
  const document = await tx.document.findUnique({ where: { orgId_requestId: { orgId, requestId } }, select: { status: true } })
  if (document?.status === 'queued' || document?.status === 'translating') return null
  const delivered = generation?.chunks.reduce((sum, chunk) => sum + chunk.tokenIds.length, 0) ?? 0
  return {
    promptTokens: Math.max(Number(hold.promptTokens), delivered > 0 ? (generation?.promptTokenIds.length ?? 0) : 0),
    completionTokens: Math.max(Number(hold.completionTokens), delivered),
    characters: Number(hold.usedCharacters),
    trainingTokens: Number(hold.trainingTokens),
  }
}
