import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Response } from 'undici'
import type { HubClient, HubFile, HubSnapshot } from '@/lib/checkpoints/hub-client'
import { HubFault, networkFault, waitOrGiveUp } from '@/lib/checkpoints/hub-faults'

/** Called with what arrived; negative where bytes have to be fetched again. */
export type OnBytes = (bytes: number) => void

async function sizeOf(file: string): Promise<number> {
  return stat(file).then((found) => found.size, () => 0)
}

/** Whether a file is the one that the hub describes, by length and checksum. */
export async function matches(file: string, wanted: HubFile): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  if (found?.isFile() !== true || found.size !== wanted.bytes) return false
  if (wanted.checksum === null) return true
  const hash = createHash(wanted.checksum.kind === 'sha256' ? 'sha256' : 'sha1')
  if (wanted.checksum.kind === 'git-sha1') hash.update(`blob ${found.size}\0`)
  // Reads as a stream of Buffers, since no encoding is set.
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex') === wanted.checksum.hex
}

/** Where a half-fetched file waits: its name tells the content, so that a changed repository does not continue an old one. */
export function partialPath(dir: string, file: HubFile): string {
  return path.join(dir, `${file.path}.${file.checksum?.hex.slice(0, 16) ?? 'unchecked'}.partial`)
}

/** The body's bytes; a connection that breaks is a HubFault, so that the disk's own errors stay apart. */
async function* chunksOf(response: Response, endpoint: URL): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  const reader = response.body.getReader()
  try {
    for (;;) {
      const next = await reader.read().catch((cause: unknown) => {
        throw networkFault(response.url === '' ? endpoint : new URL(response.url), cause)
      })
      if (next.done) return
      // fetch's bodies are made of Uint8Arrays; the stream's type leaves its chunks open.
      yield next.value as Uint8Array
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Appends what one answer brings. Throws a transient HubFault where it broke off. */
async function appendOnce(hub: HubClient, snapshot: HubSnapshot, file: HubFile, partial: string, onBytes: OnBytes): Promise<void> {
  const offset = await sizeOf(partial)
  const response = await hub.open(snapshot, file.path, offset)
  const startsAt = response.status === 206 ? Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]) : 0
  const handle = await open(partial, 'a')
  try {
    if (startsAt !== offset) {
      if (startsAt !== 0) throw new HubFault(`${file.path}: the answer begins at byte ${startsAt}, and ${offset} was asked for.`)
      await handle.truncate(0)
      onBytes(-offset)
    }
    let size = startsAt
    for await (const chunk of chunksOf(response, hub.endpoint)) {
      size += chunk.length
      if (size > file.bytes) throw new HubFault(`${file.path}: more bytes came than the hub said there are.`)
      await handle.appendFile(chunk)
      onBytes(chunk.length)
    }
    if (size < file.bytes) throw new HubFault(`${file.path}: the answer ended after ${size} of ${file.bytes} bytes.`, true)
  } finally {
    await handle.close()
  }
}

async function fetchPartial(hub: HubClient, snapshot: HubSnapshot, file: HubFile, partial: string, onBytes: OnBytes): Promise<void> {
  if ((await sizeOf(partial)) > file.bytes) await rm(partial)
  if (file.bytes === 0) await (await open(partial, 'a')).close()
  let failures = 0
  for (let size = await sizeOf(partial); size < file.bytes; ) {
    try {
      await appendOnce(hub, snapshot, file, partial, onBytes)
    } catch (error) {
      const reached = await sizeOf(partial)
      failures = reached > size ? 1 : failures + 1
      await waitOrGiveUp(error, failures, hub.retry)
    }
    size = await sizeOf(partial)
  }
}

/**
 * Fetches one file into `dir`, continuing what is there, and puts it under its name only when its checksum is
 * right; a wrong one is fetched once more from its start. Throws AppError; what has arrived stays for the next time.
 */
export async function downloadFile(hub: HubClient, snapshot: HubSnapshot, file: HubFile, dir: string, onBytes: OnBytes): Promise<void> {
  const target = path.join(dir, file.path)
  const partial = partialPath(dir, file)
  if (await matches(target, file)) {
    onBytes(file.bytes)
    return
  }
  await rm(target, { force: true })
  onBytes(Math.min(await sizeOf(partial), file.bytes))
  for (const lastTry of [false, true]) {
    await fetchPartial(hub, snapshot, file, partial, onBytes)
    if (await matches(partial, file)) {
      await rename(partial, target)
      return
    }
    await rm(partial, { force: true })
    onBytes(-file.bytes)
    if (lastTry) throw new HubFault(`${file.path} arrived with another ${file.checksum?.kind ?? 'content'} than the hub states, twice. Something on the way changes it.`)
  }
}
