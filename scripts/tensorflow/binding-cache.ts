import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { sha256OfFile } from './wheel-download'

const manifestSchema = z.object({
  /** What stands in the cache entry: path within it, bytes, sha256. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })).min(1),
  package: z.string(),
  version: z.string(),
  gpu: z.boolean(),
})

export type BindingManifest = z.infer<typeof manifestSchema>

/** Sizes and times at the last full check: as long as they stay, nobody has touched the files. */
const stampSchema = z.record(z.string(), z.object({ bytes: z.number(), modified: z.number() }))

/** PARLEY_CACHE, else `parley` in the user's cache folder. */
export function cacheFolder(env: { PARLEY_CACHE: string | undefined; XDG_CACHE_HOME: string | undefined }): string {
  if (env.PARLEY_CACHE !== undefined) return path.resolve(env.PARLEY_CACHE)
  const base = env.XDG_CACHE_HOME !== undefined && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : path.join(homedir(), '.cache')
  return path.join(base, 'parley')
}

export async function writeManifest(folder: string, manifest: BindingManifest): Promise<void> {
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * The manifest of a cache entry whose files are all as they were built; null where there is no entry or
 * a file is missing, cut short or changed. The sha256 of some 850 MB takes seconds, so it is computed
 * only where size or time differ from those at the last full check.
 */
export async function verifiedManifest(folder: string): Promise<BindingManifest | null> {
  const manifest = manifestSchema.safeParse(await readJson(path.join(folder, 'manifest.json')))
  if (!manifest.success) return null
  const stampFile = path.join(folder, 'verified.json')
  const stamp = stampSchema.safeParse(await readJson(stampFile))
  const seen: z.infer<typeof stampSchema> = {}
  for (const file of manifest.data.files) {
    const state = await stat(path.join(folder, file.path)).catch(() => null)
    if (state?.size !== file.bytes) return null
    const before = stamp.success ? stamp.data[file.path] : undefined
    const untouched = before?.bytes === state.size && before.modified === state.mtimeMs
    if (!untouched && (await sha256OfFile(path.join(folder, file.path))) !== file.sha256) return null
    seen[file.path] = { bytes: state.size, modified: state.mtimeMs }
  }
  if (JSON.stringify(seen) !== (stamp.success ? JSON.stringify(stamp.data) : '')) {
    // A cache on a read-only disk is still good; it is only checked in full each time.
    await writeFile(stampFile, JSON.stringify(seen)).catch(() => undefined)
  }
  return manifest.data
}

/** Builds an entry beside its place and moves it there whole, so that no other process ever sees half of one. */
export async function replaceEntry(folder: string, build: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = `${folder}.building`
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true })
  try {
    await build(scratch)
    await rm(folder, { recursive: true, force: true })
    await rename(scratch, folder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    return content
  } catch {
    return null
  }
}
