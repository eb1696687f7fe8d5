import { planSchema, type Plan } from '@/lib/domain/plans'
import { appClient } from './client'
import { generationFromRow, type Generation, type Lease } from './generations'
import { storableJson } from './storable-text'
import { withOperator, withTenant } from './tenant'
import { isUuid } from './uuid'

/** A piece of one choice as it was delivered; never changed afterwards. */
export interface Chunk {
  /** From 1 without gaps, over all choices. */
  seq: number
  choice: number
  text: string
  tokenIds: number[]
}

/**
 * Appends in order, renews the lease and wakes whoever follows, in one round trip; an empty list
 * renews alone. Null: the lease was lost or the generation has ended, and nothing was written.
 */
export async function appendChunks(
  lease: Lease,
  chunks: readonly { choice: number; text: string; tokenIds: readonly number[] }[],
  leaseSeconds: number,
): Promise<{ lastSeq: number; cancelRequested: boolean } | null> {
  const json = storableJson(chunks.map(({ choice, text, tokenIds }) => ({ choice, text, token_ids: tokenIds })))
  const rows = await appClient().$queryRaw<{ last_seq: number; cancel_requested: boolean }[]>`
    SELECT last_seq, cancel_requested FROM append_generation_chunks(
      ${lease.orgId}::uuid, ${lease.generationId}::uuid, ${lease.epoch}::int, ${json}::jsonb, make_interval(secs => ${leaseSeconds}))`
  const row = rows[0]
  return row === undefined ? null : { lastSeq: row.last_seq, cancelRequested: row.cancel_requested }
}

export interface GenerationEnd {
  status: 'done' | 'stopped' | 'failed'
  /** By choice. */
  finishReasons: readonly (string | null)[]
  /** For the person; null unless failed. */
  error: string | null
}

/** Folds the chunks into the outputs and the answer, ends the lease, wakes whoever follows. False: the lease was lost. */
export async function finishGeneration(lease: Lease, end: GenerationEnd): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ finished: boolean }[]>`
    SELECT finish_generation(
      ${lease.orgId}::uuid, ${lease.generationId}::uuid, ${lease.epoch}::int, ${end.status}::generation_status,
      ${storableJson(end.finishReasons)}::jsonb, ${end.error}) AS finished`
  return rows[0]?.finished === true
}

/** Lets another process take over at once: for an orderly shutdown. */
export async function releaseLease(lease: Lease): Promise<void> {
  await withTenant(lease.orgId, (tx) =>
    tx.generation.updateMany({
      where: { orgId: lease.orgId, id: lease.generationId, status: 'running', leaseEpoch: lease.epoch },
      data: { leaseUntil: new Date(0), leaseOwner: null },
    }),
  )
}

/**
 * The chunks after a number, with the generation as it stood just before they were read: with any
 * status but running, nothing is missing. Null where this person has no such generation.
 */
export async function readChunks(
  orgId: string,
  userId: string,
  generationId: string,
  after: number,
): Promise<{ generation: Generation; chunks: Chunk[] } | null> {
  if (!isUuid(generationId)) return null
  return withTenant(orgId, async (tx) => {
    const row = await tx.generation.findFirst({ where: { orgId, userId, id: generationId } })
    if (row === null) return null
    const chunks = await tx.generationChunk.findMany({
      where: { orgId, generationId, seq: { gt: after } },
      select: { seq: true, choice: true, text: true, tokenIds: true },
      orderBy: { seq: 'asc' },
    })
    return { generation: generationFromRow(row), chunks }
  })
}

export interface ClaimedGeneration {
  generation: Generation
  /** `epoch - 1` holders were lost before. */
  lease: Lease
  plan: Plan
  /** By choice, the token ids that were delivered. */
  resume: number[][]
}

/** Takes over the generation whose lease ran out longest ago; null where there is none. Safe to call from many processes. */
export async function claimExpiredGeneration(leaseOwner: string, leaseSeconds: number): Promise<ClaimedGeneration | null> {
  return withOperator(async (tx) => {
    const claimed = await tx.$queryRaw<{ id: string }[]>`
      UPDATE generations SET lease_owner = ${leaseOwner}, lease_epoch = lease_epoch + 1,
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      WHERE id = (
        SELECT id FROM generations WHERE status = 'running' AND lease_until < clock_timestamp()
        ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id`
    const id = claimed[0]?.id
    if (id === undefined) return null
    const row = await tx.generation.findUniqueOrThrow({ where: { id }, include: { organization: { select: { plan: true } } } })
    const { organization, ...generation } = row
    const chunks = await tx.generationChunk.findMany({ where: { generationId: id }, orderBy: { seq: 'asc' } })
    const resume = Array.from({ length: row.choices }, (_, choice) =>
      chunks.filter((chunk) => chunk.choice === choice).flatMap((chunk) => chunk.tokenIds),
    )
    return {
      generation: generationFromRow(generation),
      lease: { generationId: id, orgId: row.orgId, epoch: row.leaseEpoch },
      plan: planSchema.parse(organization.plan),
      resume,
    }
  })
}

/** As the operator: drops the chunks of generations that ended before; their outputs stay. Returns how many chunks. */
export async function pruneChunks(olderThan: Date): Promise<number> {
  const { count } = await withOperator((tx) =>
    tx.generationChunk.deleteMany({ where: { generation: { status: { not: 'running' }, finishedAt: { lt: olderThan } } } }),
  )
  return count
}
