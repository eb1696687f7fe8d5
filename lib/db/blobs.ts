import { createHash, randomUUID } from 'node:crypto'
import { withOperator, withTenant, type Transaction } from './tenant'

/** A file as it is known to its tenant. */
export interface Blob {
  /** Hex. */
  sha256: string
  bytes: number
}

/** The most bytes of one row. */
export const BLOB_CHUNK_BYTES = 1024 * 1024

/** A blob that was never finished is dropped after this long. */
const UNFINISHED_MS = 24 * 60 * 60 * 1000

const NAME = /^[0-9a-f]{64}$/u

/**
 * Stores a file under its sha256 and counts one more reference to it; a file that the tenant has
 * already is not stored again. A stream is written piece by piece, so that it may be larger than
 * memory; what breaks off half-way is dropped by `dropUnfinishedBlobs`.
 */
export async function putBlob(orgId: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Blob> {
  if (content instanceof Uint8Array) return withTenant(orgId, (tx) => addBlob(tx, orgId, content))
  const writing = `writing:${randomUUID()}`
  await withTenant(orgId, (tx) => tx.blob.create({ data: { orgId, sha256: writing, bytes: 0, refs: 0 } }))
  const hash = createHash('sha256')
  let bytes = 0
  let position = 0
  for await (const data of chunksOf(content)) {
    hash.update(data)
    bytes += data.length
    await withTenant(orgId, (tx) => tx.blobChunk.create({ data: { orgId, sha256: writing, position, data } }))
    position += 1
  }
  const sha256 = hash.digest('hex')
  await withTenant(orgId, async (tx) => {
    if (await isNew(tx, orgId, { sha256, bytes })) {
      await tx.blobChunk.updateMany({ where: { orgId, sha256: writing }, data: { sha256 } })
    }
    await tx.blob.deleteMany({ where: { orgId, sha256: writing } })
  })
  return { sha256, bytes }
}

/** The same within the caller's transaction, for a file that is in memory. */
export async function addBlob(tx: Transaction, orgId: string, content: Uint8Array): Promise<Blob> {
  const blob = { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length }
  if (await isNew(tx, orgId, blob)) {
    for (let position = 0; position * BLOB_CHUNK_BYTES < content.length; position++) {
      const data = copyOf(content.subarray(position * BLOB_CHUNK_BYTES, (position + 1) * BLOB_CHUNK_BYTES))
      await tx.blobChunk.create({ data: { orgId, sha256: blob.sha256, position, data } })
    }
  }
  return blob
}

/** Counts a reference; true where the file is not there yet. Whoever puts the same file at the same time waits here. */
async function isNew(tx: Transaction, orgId: string, { sha256, bytes }: Blob): Promise<boolean> {
  const rows = await tx.$queryRaw<{ refs: number }[]>`
    INSERT INTO blobs (org_id, sha256, bytes, refs) VALUES (${orgId}::uuid, ${sha256}, ${bytes}::bigint, 1)
    ON CONFLICT (org_id, sha256) DO UPDATE SET refs = blobs.refs + 1 RETURNING refs`
  return rows[0]?.refs === 1
}

/** The whole file; null where the tenant has none such. */
export async function readBlob(orgId: string, sha256: string): Promise<Buffer | null> {
  const pieces: Uint8Array[] = []
  for await (const piece of blobPieces(orgId, sha256)) pieces.push(piece)
  return pieces.length > 0 || (await findBlob(orgId, sha256)) !== null ? Buffer.concat(pieces) : null
}

/** The file piece by piece, each read when it is asked for; nothing where the tenant has none such. */
export async function* blobPieces(orgId: string, sha256: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  if (!NAME.test(sha256)) return
  for (let position = 0; ; position++) {
    const row = await withTenant(orgId, (tx) => tx.blobChunk.findUnique({ where: { orgId_sha256_position: { orgId, sha256, position } } }))
    if (row === null) return
    yield row.data
  }
}

/** null where the tenant has none such. */
export async function findBlob(orgId: string, sha256: string): Promise<Blob | null> {
  if (!NAME.test(sha256)) return null
  const row = await withTenant(orgId, (tx) => tx.blob.findUnique({ where: { orgId_sha256: { orgId, sha256 } } }))
  return row && { sha256, bytes: Number(row.bytes) }
}

/** Takes one reference back; the file goes with its last one. */
export async function deleteBlob(orgId: string, sha256: string): Promise<void> {
  await withTenant(orgId, (tx) => dropBlob(tx, orgId, sha256))
}

/** The same within the caller's transaction. */
export async function dropBlob(tx: Transaction, orgId: string, sha256: string): Promise<void> {
  await tx.blob.updateMany({ where: { orgId, sha256, refs: { gt: 0 } }, data: { refs: { decrement: 1 } } })
  await tx.blob.deleteMany({ where: { orgId, sha256, refs: 0 } })
}

/** As the operator: drops what was begun and never finished. Returns how many. */
export async function dropUnfinishedBlobs(): Promise<number> {
  const { count } = await withOperator((tx) =>
    tx.blob.deleteMany({ where: { refs: 0, createdAt: { lt: new Date(Date.now() - UNFINISHED_MS) } } }),
  )
  return count
}

/** Pieces of exactly the chunk size, but for the last. */
async function* chunksOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let waiting: Uint8Array[] = []
  let length = 0
  for await (const part of content) {
    waiting.push(part)
    length += part.length
    if (length < BLOB_CHUNK_BYTES) continue
    const joined = Buffer.concat(waiting)
    const whole = joined.length - (joined.length % BLOB_CHUNK_BYTES)
    for (let start = 0; start < whole; start += BLOB_CHUNK_BYTES) yield copyOf(joined.subarray(start, start + BLOB_CHUNK_BYTES))
    waiting = whole === joined.length ? [] : [joined.subarray(whole)]
    length = joined.length - whole
  }
  if (length > 0) yield copyOf(Buffer.concat(waiting))
}

function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
