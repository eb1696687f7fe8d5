import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { WEIGHTS_FILE, WEIGHTS_INDEX_FILE, weightFiles } from '@/lib/checkpoints/safetensors-header'

/** What the workers and the app read beside the weights. */
export const MODEL_FILES = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
] as const

/** What travels with a checkpoint for other tools and for its licence's sake. */
const COMPANION_FILES = ['parley.json', 'added_tokens.json', 'vocab.json', 'merges.txt', 'README.md', 'LICENSE', 'LICENSE.txt', 'LICENSE.md', 'NOTICE'] as const

export interface CheckpointFile {
  name: string
  bytes: number
  /** Milliseconds of the last change to its content, name or place. */
  changedAt: number
  weights: boolean
}

/** The files that make up a checkpoint folder, by name. Throws model_unavailable where weights are missing. */
export async function checkpointFiles(dir: string): Promise<CheckpointFile[]> {
  const weights = await weightFiles(dir)
  const index = weights.includes(WEIGHTS_FILE) ? [] : [WEIGHTS_INDEX_FILE]
  const files: CheckpointFile[] = []
  for (const name of [...MODEL_FILES, ...COMPANION_FILES, ...index, ...weights].sort()) {
    // A missing shard is reported by the reader of the headers, with more to say.
    const found = await stat(path.join(dir, name)).catch(() => null)
    if (found?.isFile() === true) files.push({ name, bytes: found.size, changedAt: found.ctimeMs, weights: weights.includes(name) })
  }
  return files
}

/** Another value whenever a file of the checkpoint was added, removed or written. */
export function fingerprintOf(files: readonly CheckpointFile[]): string {
  const hash = createHash('sha256')
  for (const { name, bytes, changedAt } of files) hash.update(`${name}\0${bytes}\0${changedAt}\n`)
  return hash.digest('hex').slice(0, 32)
}
