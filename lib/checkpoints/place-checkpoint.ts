import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/contract/errors'
import { checkpointFiles } from '@/lib/checkpoints/checkpoint-files'

/** Unfinished folders begin with a dot, which no checkpoint's name does. */
const STAGING_PREFIX = '.unfinished-'
const ABANDONED_AFTER_MS = 24 * 3600 * 1000

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** A file-system error as one that its reader can act on; any other error as it is. */
export function fileSystemError(error: unknown, doing: string): unknown {
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full; free some space and run it again',
    EDQUOT: 'the disk quota is used up; free some space and run it again',
    EACCES: 'the folder may not be written by this user',
    EPERM: 'the folder may not be written by this user',
    EROFS: 'the file system is read-only',
  }
  const code = codeOf(error)
  const reason = typeof code === 'string' ? reasons[code] : undefined
  return reason === undefined ? error : new AppError('model_unavailable', `${doing}: ${reason}.`, { cause: error })
}

async function syncToDisk(target: string): Promise<void> {
  const handle = await open(target)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Forces a folder's files, then the folder itself, to the disk. */
async function syncFolder(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true })
  await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => syncToDisk(path.join(dir, entry.name))))
  await syncToDisk(dir)
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then((found) => found.isFile(), () => false)
}

/** What a killed process left long ago; younger folders may belong to one that still runs. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(STAGING_PREFIX)) continue
    const dir = path.join(parent, name)
    const found = await stat(dir).catch(() => null)
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(dir, { recursive: true, force: true })
  }
}

/**
 * Copies a checkpoint's files to a new folder beside `target`, checks the copy with `check`, and moves it to
 * `target` in one step. Whatever fails, nothing is left behind.
 */
export async function copyCheckpoint(source: string, target: string, options: { force: boolean; check: (copy: string) => Promise<unknown> }): Promise<void> {
  const parent = path.dirname(target)
  await mkdir(parent, { recursive: true })
  await removeAbandoned(parent)
  const staging = path.join(parent, `${STAGING_PREFIX}${randomUUID()}`)
  try {
    await mkdir(staging)
    for (const { name } of await checkpointFiles(source)) await copyFile(path.join(source, name), path.join(staging, name))
    await options.check(staging)
    await placeCheckpoint(staging, target, options.force)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/**
 * Moves a complete folder to `target`. An existing model is replaced with `force`; anything else there is a conflict.
 * At any moment `target` is the old folder, the new one, or (for an instant) absent; never a mixture.
 */
export async function placeCheckpoint(staged: string, target: string, force: boolean): Promise<void> {
  await syncFolder(staged)
  await mkdir(path.dirname(target), { recursive: true })
  if (await isFile(path.join(path.dirname(target), 'config.json'))) throw new AppError('conflict', `${path.dirname(target)} is a model itself and cannot hold another.`)
  if (force && !(await isFile(path.join(target, 'config.json'))) && (await stat(target).catch(() => null)) !== null) {
    throw new AppError('conflict', `${target} is not a model, so it is not replaced.`)
  }
  const retired = path.join(path.dirname(target), `${STAGING_PREFIX}${randomUUID()}`)
  if (force) {
    await rename(target, retired).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
  }
  try {
    await rename(staged, target)
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR') {
      throw new AppError('conflict', `${target} exists already.`, { cause: error })
    }
    throw error
  } finally {
    await rm(retired, { recursive: true, force: true })
  }
  await syncToDisk(path.dirname(target))
}
