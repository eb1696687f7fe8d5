import path from 'node:path'
import { AppError } from '@/lib/contract/errors'
import { checkpointFiles } from '@/lib/checkpoints/checkpoint-files'
import { copyCheckpoint, fileSystemError } from '@/lib/checkpoints/place-checkpoint'
import { readCheckpoint } from '@/lib/checkpoints/read-checkpoint'
import type { CheckpointRegistry } from '@/lib/checkpoints/registry'

/**
 * Copies a served checkpoint to `target` as a Hugging Face folder that other tools read.
 * Throws AppError: model_not_found, conflict (the folder exists and is not empty), model_unavailable.
 */
export async function exportCheckpoint(registry: CheckpointRegistry, name: string, target: string): Promise<{ dir: string; files: string[] }> {
  const checkpoint = await registry.find(name)
  if (checkpoint === null) throw new AppError('model_not_found', `There is no model "${name}"; \`parley model list\` names them all.`, { param: 'name' })
  const dir = path.resolve(target)
  try {
    await copyCheckpoint(checkpoint.dir, dir, { force: false, check: (copy) => readCheckpoint(copy, name) })
  } catch (error) {
    throw fileSystemError(error, `${name} was not exported`)
  }
  return { dir, files: (await checkpointFiles(dir)).map((file) => file.name) }
}
