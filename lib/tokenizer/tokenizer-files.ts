import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'

const addedToken = z.looseObject({ id: z.number().int().nonnegative(), content: z.string().min(1), special: z.boolean().default(false) })

export type AddedToken = z.infer<typeof addedToken>

/** The parts of `tokenizer.json` that are read here; the whole goes to the tokenizers library. */
const tokenizerJson = z.looseObject({
  added_tokens: z.array(addedToken).nullish().transform((tokens) => tokens ?? []),
  normalizer: z.unknown().default(null),
  pre_tokenizer: z.unknown().default(null),
  post_processor: z.unknown().default(null),
  decoder: z.looseObject({ type: z.string() }),
  model: z.looseObject({ type: z.literal('BPE').default('BPE'), vocab: z.record(z.string(), z.number().int().nonnegative()) }),
})

export type TokenizerJson = z.infer<typeof tokenizerJson>

const namedToken = z.union([z.string(), z.looseObject({ content: z.string() }).transform((token) => token.content)])
const tokenList = z.union([z.array(namedToken), z.record(z.string(), namedToken).transform((named) => Object.values(named))])

const tokenizerConfig = z.looseObject({
  bos_token: namedToken.nullish(),
  eos_token: namedToken.nullish(),
  unk_token: namedToken.nullish(),
  pad_token: namedToken.nullish(),
  additional_special_tokens: tokenList.nullish(),
  extra_special_tokens: tokenList.nullish(),
  add_prefix_space: z.boolean().nullish(),
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
})

export type TokenizerConfig = z.infer<typeof tokenizerConfig>

export interface TokenizerFiles {
  json: TokenizerJson
  config: TokenizerConfig
  /** `chat_template.jinja`, which rules where both it and the configuration hold a template. */
  chatTemplate: string | null
}

async function readIfPresent(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new AppError('model_unavailable', `${file} cannot be read.`, { cause: error })
  }
}

function parseFile<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new AppError('model_unavailable', `${file} is not valid JSON.`, { cause: error })
  }
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new AppError('model_unavailable', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`, { cause: result.error })
}

/** Reads a checkpoint's tokenizer files; null where it has no `tokenizer.json`. */
export async function readTokenizerFiles(dir: string): Promise<TokenizerFiles | null> {
  const jsonFile = join(dir, 'tokenizer.json')
  const configFile = join(dir, 'tokenizer_config.json')
  const [json, config, chatTemplate] = await Promise.all([
    readIfPresent(jsonFile),
    readIfPresent(configFile),
    readIfPresent(join(dir, 'chat_template.jinja')),
  ])
  if (json === null) return null
  return {
    json: parseFile(jsonFile, json, tokenizerJson),
    config: config === null ? {} : parseFile(configFile, config, tokenizerConfig),
    chatTemplate,
  }
}
