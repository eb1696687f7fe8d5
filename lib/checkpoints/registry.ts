import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/contract/errors'
import { checkpointFiles, fingerprintOf } from '@/lib/checkpoints/checkpoint-files'
import { isCheckpointName, isCheckpointSegment } from '@/lib/checkpoints/checkpoint-name'
import { readCheckpoint } from '@/lib/checkpoints/read-checkpoint'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'

export interface RegistryOptions {
  /** PARLEY_DATA; checkpoints stand in its `models/`. */
  dataDir: string
  /** The project's own `models/`. */
  bundledDir: string
  /** PARLEY_MODEL: a name, or the path of a folder, which then counts under its last part. */
  defaultModel: string
  /**
   * Milliseconds for which `find` takes a model that it found to be still as it was: looking takes some ten calls of
   * the file system, one after another. What was not there is looked for each time. 0 unless told.
   */
  freshMs?: number
}

export interface CheckpointProblem {
  name: string
  dir: string
  reason: string
}

interface Candidate {
  name: string
  dir: string
}

async function entriesOf(dir: string): Promise<Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch(() => [])
}

async function isDirectory(dir: string): Promise<boolean> {
  return stat(dir).then((found) => found.isDirectory(), () => false)
}

async function someIsDirectory(dirs: readonly string[]): Promise<boolean> {
  return (await Promise.all(dirs.map(isDirectory))).includes(true)
}

/** Folders that hold files are checkpoints, or mean to be; folders of folders are owners. */
async function foldersUnder(root: string, prefix: string): Promise<Candidate[]> {
  const candidates: Candidate[] = []
  for (const entry of await entriesOf(root)) {
    const dir = path.join(root, entry.name)
    if (!isCheckpointSegment(entry.name) || !(await isDirectory(dir))) continue
    const name = prefix + entry.name
    const inside = await entriesOf(dir)
    const mayBeOwner = prefix === '' && !inside.some((child) => child.name === 'config.json')
    const below = mayBeOwner ? await foldersUnder(dir, `${name}/`) : []
    candidates.push(...below)
    if (below.length === 0 && inside.length > 0) candidates.push({ name, dir })
  }
  return candidates
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  return error instanceof Error ? `The folder cannot be read: ${error.message}.` : 'The folder cannot be read.'
}

/**
 * The checkpoints that can be served: the folders under the bundled `models/` and `$PARLEY_DATA/models`, looked
 * up on every call (but for `freshMs`), so that an import is served at once. What was read is kept until a file changes.
 * Of two folders of one name the default's own path wins, then the one in PARLEY_DATA.
 */
export class CheckpointRegistry {
  private readonly known = new Map<string, Checkpoint>()
  private readonly fresh = new Map<string, { checkpoint: Checkpoint; until: number }>()
  /** Later ones win. */
  private readonly roots: readonly string[]

  constructor(private readonly options: RegistryOptions) {
    this.roots = [path.resolve(options.bundledDir), path.resolve(options.dataDir, 'models')]
  }

  /** Every readable checkpoint, by name. */
  async list(): Promise<Checkpoint[]> {
    return (await this.scan()).checkpoints
  }

  /** The folders that cannot be served, and why. */
  async problems(): Promise<CheckpointProblem[]> {
    return (await this.scan()).problems
  }

  /** null: no folder of that name. Throws AppError model_unavailable where there is one that cannot be read. */
  async find(name: string): Promise<Checkpoint | null> {
    if (!isCheckpointName(name)) return null
    const before = this.fresh.get(name)
    if (before !== undefined && before.until > performance.now()) return before.checkpoint
    this.fresh.delete(name)
    const asked = performance.now()
    const candidate = (await this.candidates()).get(name)
    if (candidate === undefined) return null
    const checkpoint = await this.read(candidate)
    this.fresh.set(name, { checkpoint, until: asked + (this.options.freshMs ?? 0) })
    return checkpoint
  }

  /** The model of requests that name none. Throws model_not_found or model_unavailable, saying what to do. */
  async default(): Promise<Checkpoint> {
    const wanted = this.options.defaultModel
    const found = await this.find((await this.defaultFolder())?.name ?? wanted)
    if (found !== null) return found
    const names = (await this.list()).map((checkpoint) => checkpoint.name)
    const others = names.length === 0 ? 'There is none yet: `parley model pull` or `parley model import` brings one.' : `There are: ${names.join(', ')}.`
    throw new AppError('model_not_found', `PARLEY_MODEL is "${wanted}", which is neither a model's name nor a folder with a config.json. ${others}`)
  }

  private async scan(): Promise<{ checkpoints: Checkpoint[]; problems: CheckpointProblem[] }> {
    const checkpoints: Checkpoint[] = []
    const problems: CheckpointProblem[] = []
    const candidates = [...(await this.candidates()).values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const candidate of candidates) {
      try {
        checkpoints.push(await this.read(candidate))
      } catch (error) {
        problems.push({ ...candidate, reason: reasonOf(error) })
      }
    }
    return { checkpoints, problems }
  }

  private async candidates(): Promise<Map<string, Candidate>> {
    const found = new Map<string, Candidate>()
    for (const root of this.roots) {
      for (const candidate of await foldersUnder(root, '')) found.set(candidate.name, candidate)
    }
    const chosen = await this.defaultFolder()
    if (chosen !== null) found.set(chosen.name, chosen)
    return found
  }

  /** Where PARLEY_MODEL is a path: the folder, under the name it has in the listing or else its last part. */
  private async defaultFolder(): Promise<Candidate | null> {
    const wanted = this.options.defaultModel
    const dir = path.resolve(wanted)
    if (isCheckpointName(wanted) && (await someIsDirectory(this.roots.map((root) => path.join(root, wanted))))) return null
    if (!(await isDirectory(dir))) return null
    const real = await realpath(dir)
    for (const root of this.roots) {
      const relative = path.relative(await realpath(root).catch(() => root), real).split(path.sep).join('/')
      if (isCheckpointName(relative)) return { name: relative, dir }
    }
    return isCheckpointSegment(path.basename(dir)) ? { name: path.basename(dir), dir } : null
  }

  private async read(candidate: Candidate): Promise<Checkpoint> {
    const before = this.known.get(candidate.dir)
    if (before !== undefined && before.fingerprint === fingerprintOf(await checkpointFiles(candidate.dir))) return { ...before, name: candidate.name }
    this.known.delete(candidate.dir)
    const checkpoint = await readCheckpoint(candidate.dir, candidate.name)
    this.known.set(candidate.dir, checkpoint)
    return checkpoint
  }
}
