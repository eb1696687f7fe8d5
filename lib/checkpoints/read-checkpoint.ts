import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { gpt2ConfigSchema, modelCardSchema } from '@/lib/contract/checkpoint'
import type { Gpt2Config, ModelCard } from '@/lib/contract/checkpoint'
import { AppError } from '@/lib/contract/errors'
import { checkpointFiles, fingerprintOf } from '@/lib/checkpoints/checkpoint-files'
import { selectGpt2Tensors } from '@/lib/checkpoints/gpt2-tensors'
import { readCheckpointHeaders } from '@/lib/checkpoints/safetensors-header'

export interface Checkpoint {
  /** As in `model` of a request: `gpt2` or `openai-community/gpt2`. */
  name: string
  /** Absolute. */
  dir: string
  config: Gpt2Config
  /** null: the folder has no `parley.json`, so no direction and no chat language is declared. */
  card: ModelCard | null
  /** Any of them ends a text: those of config.json, then those that generation_config.json adds. */
  eosTokenIds: readonly number[]
  bosTokenId: number | null
  /** false: prompts come as token ids alone. */
  hasTokenizer: boolean
  /** Of the weight files. */
  bytes: number
  createdAt: Date
  /** Changes when a file of the folder changes. */
  fingerprint: string
}

const generationConfigSchema = z.object({
  bos_token_id: z.number().int().nonnegative().nullish(),
  eos_token_id: z.union([z.number().int().nonnegative(), z.array(z.number().int().nonnegative())]).nullish(),
})

async function readOptional(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw new AppError('model_unavailable', `${path.basename(file)} may not be read.`, { cause })
  }
}

function parseAs<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (cause) {
    throw new AppError('model_unavailable', `${file} does not hold valid JSON.`, { cause })
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, 3).map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`))
  throw new AppError('model_unavailable', `${file} does not fit: ${faults.join('; ')}.`)
}

const modelTypeSchema = z.object({ model_type: z.string().optional() })

/** `config.json`'s text as a GPT-2 configuration. Throws model_unavailable that says which field is at fault. */
export function parseGpt2Config(text: string): Gpt2Config {
  const { model_type: type } = parseAs('config.json', text, modelTypeSchema)
  if (type !== undefined && type !== 'gpt2') {
    throw new AppError('model_unavailable', `This is not a GPT-2: config.json says model_type "${type}". Only GPT-2-architecture checkpoints run.`)
  }
  return parseAs('config.json', text, gpt2ConfigSchema)
}

/**
 * Reads a checkpoint folder without its weights' numbers: configuration, card, and the headers of the
 * weights held against the configuration. Throws AppError model_unavailable with the reason.
 */
export async function readCheckpoint(dir: string, name: string): Promise<Checkpoint> {
  const configText = await readOptional(path.join(dir, 'config.json'))
  if (configText === null) throw new AppError('model_unavailable', 'The folder has no config.json.')
  const config = parseGpt2Config(configText)
  selectGpt2Tensors(config, await readCheckpointHeaders(dir))

  const generationText = await readOptional(path.join(dir, 'generation_config.json'))
  const generation = generationText === null ? {} : parseAs('generation_config.json', generationText, generationConfigSchema)
  const cardText = await readOptional(path.join(dir, 'parley.json'))
  const files = await checkpointFiles(dir)
  return {
    name,
    dir,
    config,
    card: cardText === null ? null : parseAs('parley.json', cardText, modelCardSchema),
    eosTokenIds: [...new Set([config.eosTokenIds, generation.eos_token_id ?? []].flat())],
    bosTokenId: config.bosTokenId ?? generation.bos_token_id ?? null,
    hasTokenizer: files.some((file) => file.name === 'tokenizer.json'),
    bytes: files.reduce((sum, file) => sum + (file.weights ? file.bytes : 0), 0),
    createdAt: (await stat(path.join(dir, 'config.json'))).mtime,
    fingerprint: fingerprintOf(files),
  }
}
