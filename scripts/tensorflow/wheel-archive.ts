import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import { messageOf, SetupError } from '../setup-error'
import { megabytes, type Progress } from '../step-printer'

export interface ExtractedFile {
  member: string
  /** Where it was written. */
  file: string
  bytes: number
  /** Hexadecimal. */
  sha256: string
}

/**
 * Extracts the members for which `place` names a file, streaming, and holds each against the sha256
 * that the wheel's own RECORD gives for it.
 * @throws SetupError when the archive is damaged or a member is not what RECORD says
 */
export async function extractWheel(wheel: string, place: (member: string) => string | null, progress: Progress): Promise<ExtractedFile[]> {
  const zip = await openZip(wheel)
  try {
    const entries = await listEntries(zip)
    const record = entries.find((entry) => /^[^/]+\.dist-info\/RECORD$/.test(entry.fileName))
    if (record === undefined) throw new Error('it has no RECORD')
    const hashes = parseRecord(await readMember(zip, record))
    const wanted = entries.flatMap((entry) => {
      const file = entry.fileName.endsWith('/') ? null : place(entry.fileName)
      return file === null ? [] : [{ entry, file }]
    })
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0)
    let done = 0
    const extracted: ExtractedFile[] = []
    for (const { entry, file } of wanted) {
      const result = await extractMember(zip, entry, file, (bytes) => {
        done += bytes
        progress(`unpacking, ${megabytes(done)} of ${megabytes(total)}`, total === 0 ? 1 : done / total)
      })
      const expected = hashes.get(entry.fileName)
      if (expected === undefined) throw new Error(`its RECORD does not list ${entry.fileName}`)
      if (expected !== result.sha256) throw new Error(`${entry.fileName} has not the sha256 that RECORD gives`)
      extracted.push(result)
    }
    return extracted
  } catch (error) {
    throw new SetupError(`The wheel ${path.basename(wheel)} is damaged: ${messageOf(error)}`, 'delete the file and fetch it again', { cause: error })
  } finally {
    zip.close()
  }
}

/** The text of the first member that matches; null where there is none. */
export async function readWheelText(wheel: string, member: RegExp): Promise<string | null> {
  const zip = await openZip(wheel)
  try {
    const entry = (await listEntries(zip)).find(({ fileName }) => member.test(fileName))
    return entry === undefined ? null : await readMember(zip, entry)
  } finally {
    zip.close()
  }
}

/** A wheel's RECORD: lines of `path,sha256=URL-SAFE-BASE64,size`, the path quoted where it holds a comma. Hashes come back hexadecimal. */
export function parseRecord(text: string): Map<string, string> {
  const hashes = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^(?:"((?:[^"]|"")*)"|([^,]*)),sha256=([\w-]+)=*,\d*$/.exec(line)
    const member = match?.[1]?.replaceAll('""', '"') ?? match?.[2]
    const digest = match?.[3]
    if (member !== undefined && digest !== undefined) hashes.set(member, Buffer.from(digest, 'base64url').toString('hex'))
  }
  return hashes
}

function openZip(file: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip)
      else reject(new SetupError(`${file} is not a readable wheel: ${error.message}`, 'delete the file and fetch it again', { cause: error }))
    })
  })
}

function listEntries(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = []
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.once('end', () => {
      resolve(entries)
    })
    zip.once('error', reject)
    zip.readEntry()
  })
}

function openMember(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream)
      else reject(error)
    })
  })
}

async function readMember(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<string> {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      chunks.push(chunk)
      callback()
    },
  })
  await pipeline(await openMember(zip, entry), sink)
  return Buffer.concat(chunks).toString('utf8')
}

async function extractMember(zip: yauzl.ZipFile, entry: yauzl.Entry, file: string, count: (bytes: number) => void): Promise<ExtractedFile> {
  await mkdir(path.dirname(file), { recursive: true })
  const hash = createHash('sha256')
  let bytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk)
      bytes += chunk.length
      count(chunk.length)
      callback(null, chunk)
    },
  })
  await pipeline(await openMember(zip, entry), measure, createWriteStream(file))
  return { member: entry.fileName, file, bytes, sha256: hash.digest('hex') }
}
