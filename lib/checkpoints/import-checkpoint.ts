import { stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@/lib/contract/errors'
import { loadTokenizer } from '@/lib/tokenizer/tokenizer'
import { assertCheckpointName } from '@/lib/checkpoints/checkpoint-name'
import { copyCheckpoint, fileSystemError } from '@/lib/checkpoints/place-checkpoint'
import { readCheckpoint } from '@/lib/checkpoints/read-checkpoint'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'

export interface CheckpointFolders {
  /** PARLEY_DATA. */
  dataDir: string
  /** The project's own `models/`. */
  bundledDir: string
}

async function exists(target: string): Promise<boolean> {
  return stat(target).then(() => true, () => false)
}

/** Throws AppError conflict where a model of that name is served already. */
export async function assertNameIsFree(name: string, folders: CheckpointFolders): Promise<void> {
  for (const root of [path.join(folders.dataDir, 'models'), folders.bundledDir]) {
    if (!(await exists(path.join(root, name)))) continue
    throw new AppError('conflict', `There is a model "${name}" already (${path.resolve(root, name)}). Choose another name with --name, or replace it with --force.`, { param: 'name' })
  }
}

/**
 * Reads a checkpoint as `readCheckpoint` does and its tokenizer too, which the card's tags must be in.
 * Throws AppError model_unavailable with the reason.
 */
export async function inspectCheckpoint(dir: string, name: string): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(dir, name)
  const tokenizer = await loadTokenizer(dir)
  const named = [...Object.values(checkpoint.card?.translation?.tags ?? {}), ...(checkpoint.card?.chat?.stop_tokens ?? [])]
  const unknown = named.find((token) => tokenizer?.idOf(token) === undefined)
  if (unknown !== undefined) throw new AppError('model_unavailable', `parley.json names the token ${unknown}, which tokenizer.json does not have.`)
  return checkpoint
}

/**
 * Validates a Hugging Face GPT-2 folder and copies it under `$PARLEY_DATA/models`, where it is served at once.
 * A folder that does not pass leaves nothing behind. Throws AppError: not_found (no such folder),
 * invalid_request (name, or not a usable checkpoint), conflict (name taken), model_unavailable (disk).
 */
export async function importCheckpoint(options: CheckpointFolders & { source: string; name?: string | undefined; force: boolean }): Promise<Checkpoint> {
  const source = path.resolve(options.source)
  const found = await stat(source).catch(() => null)
  if (found === null) throw new AppError('not_found', `There is no folder ${source}.`, { param: 'dir' })
  if (!found.isDirectory()) throw new AppError('invalid_request', `${source} is not a folder; a checkpoint is a folder with config.json and model.safetensors.`, { param: 'dir' })

  const name = options.name ?? path.basename(source)
  assertCheckpointName(name)
  if (!options.force) await assertNameIsFree(name, options)
  const target = path.resolve(options.dataDir, 'models', name)
  if (source === target) throw new AppError('conflict', `${source} is where imported models stand; it is served as it is.`, { param: 'dir' })

  await inspectCheckpoint(source, name).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
    throw new AppError('invalid_request', `${source} was not imported. ${error.message}`, { param: 'dir', cause: error })
  })
  try {
    await copyCheckpoint(source, target, { force: options.force, check: (copy) => readCheckpoint(copy, name) })
  } catch (error) {
    throw fileSystemError(error, `${name} was not imported`)
  }
  return readCheckpoint(target, name)
}
