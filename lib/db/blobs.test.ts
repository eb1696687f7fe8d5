import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { BLOB_CHUNK_BYTES, blobPieces, deleteBlob, dropUnfinishedBlobs, findBlob, putBlob, readBlob } from './blobs'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    await Promise.resolve()
    yield bytes.subarray(start, start + size)
  }
}

async function chunkCount(orgId: string): Promise<number> {
  return withConnection(database.ownerUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM blob_chunks WHERE org_id = $1', [orgId])
    return Number(rows[0]?.count)
  })
}

test.each([0, 1, BLOB_CHUNK_BYTES, BLOB_CHUNK_BYTES + 1, 3 * BLOB_CHUNK_BYTES - 7])('%i bytes come back as they went, whole or streamed', async (size) => {
  const { orgId } = await makeTenant()
  const bytes = randomBytes(size)
  const whole = await putBlob(orgId, bytes)
  expect(whole).toEqual({ sha256: sha256(bytes), bytes: size })
  expect(await putBlob(orgId, pieces(bytes, 300_001))).toEqual(whole)
  expect((await readBlob(orgId, whole.sha256))?.equals(bytes)).toBe(true)
  const lengths: number[] = []
  for await (const piece of blobPieces(orgId, whole.sha256)) lengths.push(piece.length)
  expect(lengths.slice(0, -1).every((length) => length === BLOB_CHUNK_BYTES)).toBe(true)
  expect(await chunkCount(orgId)).toBe(Math.ceil(size / BLOB_CHUNK_BYTES))
})

test('a file goes with its last reference, however many put it at once', async () => {
  const { orgId } = await makeTenant()
  const bytes = randomBytes(BLOB_CHUNK_BYTES + 5)
  await Promise.all(Array.from({ length: 6 }, (_, index) => putBlob(orgId, index % 2 === 0 ? bytes : pieces(bytes, 400_000))))
  expect(await chunkCount(orgId)).toBe(2)
  for (let left = 5; left > 0; left--) await deleteBlob(orgId, sha256(bytes))
  expect((await readBlob(orgId, sha256(bytes)))?.equals(bytes)).toBe(true)
  await deleteBlob(orgId, sha256(bytes))
  await deleteBlob(orgId, sha256(bytes))
  expect([await readBlob(orgId, sha256(bytes)), await findBlob(orgId, sha256(bytes)), await chunkCount(orgId)]).toEqual([null, null, 0])
})

test("another tenant's file is not there, and what breaks off half-way is dropped later", async () => {
  const [mine, other] = [await makeTenant(), await makeTenant()]
  const bytes = randomBytes(10)
  await putBlob(mine.orgId, bytes)
  expect(await readBlob(other.orgId, sha256(bytes))).toBeNull()
  expect(await readBlob(mine.orgId, "x' OR true --")).toBeNull()
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield randomBytes(2 * BLOB_CHUNK_BYTES)
    await Promise.reject(new Error('the line broke'))
  }
  await expect(putBlob(other.orgId, broken())).rejects.toThrow('the line broke')
  expect(await chunkCount(other.orgId)).toBe(2)
  expect(await dropUnfinishedBlobs()).toBe(0)
  await withConnection(database.ownerUrl, (client) => client.query("UPDATE blobs SET created_at = now() - interval '2 days' WHERE org_id = $1", [other.orgId]))
  expect(await dropUnfinishedBlobs()).toBe(1)
  expect(await chunkCount(other.orgId)).toBe(0)
})
