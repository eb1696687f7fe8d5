import { createHash, type Hash } from 'node:crypto'
import { Zip, ZipDeflate } from 'fflate'
import { AppError } from '@/lib/contract/errors'
import { exportTenant, type ExportedFile } from '@/lib/db/tenant-export'

export interface ManifestFile {
  path: string
  bytes: number
  sha256: string
  /** Rows of a table; left out for a file's bytes. */
  rows?: number
}

export interface ExportManifest {
  format: 'parley-export'
  version: 1
  organization: string
  exported_at: string
  /** What is never in an export. */
  left_out: string
  files: ManifestFile[]
}

/** A zip archive of the plain kind ends here. */
const MOST_BYTES = 2 ** 32 - 1

const LEFT_OUT = 'Password hashes, hashes of keys and links, sealed secrets, and what people sign in with.'

/**
 * Everything that an organisation owns as one zip archive, piece by piece: its tables as lines of
 * JSON, its files under their sha256, and a manifest at the end. Returns the manifest. AppError
 * not_found where there is no such organisation.
 */
export async function* exportOrganization(orgId: string, onFile: (path: string) => void = () => undefined): AsyncGenerator<Uint8Array, ExportManifest> {
  const exported = await exportTenant(orgId)
  if (exported === null) throw new AppError('not_found', 'There is no such organisation.')
  const manifest: ExportManifest = { format: 'parley-export', version: 1, organization: orgId, exported_at: new Date().toISOString(), left_out: LEFT_OUT, files: [] }
  const archive = new Archive()
  try {
    for await (const file of exported) {
      onFile(file.path)
      const counted = new CountedFile(file)
      yield* archive.add(file.path, counted.pieces())
      manifest.files.push(counted.entry())
    }
    yield* archive.add('manifest.json', one(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)))
    yield* archive.end()
  } finally {
    // Also when whoever reads leaves in the middle of a file.
    await exported.return()
  }
  return manifest
}

class CountedFile {
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0
  #lines = 0

  constructor(private readonly file: ExportedFile) {}

  async *pieces(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of this.file.content) {
      this.#hash.update(piece)
      this.#bytes += piece.length
      for (let at = piece.indexOf(LINE_FEED); at !== -1; at = piece.indexOf(LINE_FEED, at + 1)) this.#lines++
      yield piece
    }
  }

  entry(): ManifestFile {
    const { path } = this.file
    const entry = { path, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
    return path.endsWith('.ndjson') ? { ...entry, rows: this.#lines } : entry
  }
}

const LINE_FEED = 10

async function* one(piece: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(piece)
}

class Archive {
  #ready: Uint8Array[] = []
  #bytes = 0
  readonly #zip = new Zip((error, data) => {
    if (error !== null) throw error
    this.#ready.push(data)
    this.#bytes += data.length
  })

  async *add(path: string, pieces: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
    const file = new ZipDeflate(path, { level: 6 })
    this.#zip.add(file)
    for await (const piece of pieces) {
      file.push(piece)
      yield* this.#take()
    }
    file.push(new Uint8Array(), true)
    yield* this.#take()
  }

  *end(): Generator<Uint8Array, void> {
    this.#zip.end()
    yield* this.#take()
  }

  *#take(): Generator<Uint8Array, void> {
    if (this.#bytes > MOST_BYTES) throw new Error('The export would pass 4 GB, more than a zip archive of this kind can hold.')
    const ready = this.#ready
    this.#ready = []
    yield* ready
  }
}
