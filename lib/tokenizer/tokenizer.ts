import { ByteLevelPreTokenizer, SequencePreTokenizer, Tokenizer } from '@huggingface/tokenizers'
import { join } from 'node:path'
import { AppError } from '@/lib/contract/errors'
import { bytesOfToken } from './byte-alphabet'
import { readTokenizerFiles } from './tokenizer-files'
import type { AddedToken, TokenizerConfig, TokenizerFiles, TokenizerJson } from './tokenizer-files'

/**
 * GPT-2's pattern with Unicode's White_Space for `\s`, as the reference implementation has it.
 * The library writes JavaScript's `\s` here, which takes in U+FEFF and leaves out U+0085, and so
 * cuts texts with these characters in other places.
 */
const GPT2_PATTERN = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

type PreTokenizer = Tokenizer['pre_tokenizer']

function correctByteLevel(preTokenizer: PreTokenizer, addPrefixSpace: boolean | null | undefined): void {
  if (preTokenizer instanceof SequencePreTokenizer) {
    for (const part of preTokenizer.tokenizers) correctByteLevel(part, addPrefixSpace)
  } else if (preTokenizer instanceof ByteLevelPreTokenizer) {
    preTokenizer.pattern = GPT2_PATTERN
    preTokenizer.add_prefix_space = addPrefixSpace ?? preTokenizer.add_prefix_space
  }
}

function encoder(json: TokenizerJson, addedTokens: readonly AddedToken[], config: TokenizerConfig): Tokenizer {
  const tokenizer = new Tokenizer({ ...json, added_tokens: addedTokens }, {})
  correctByteLevel(tokenizer.pre_tokenizer, config.add_prefix_space)
  return tokenizer
}

/** Tokens that the configuration names are special even where tokenizer.json does not flag them. */
function addedTokensOf({ json, config }: TokenizerFiles): AddedToken[] {
  const named = new Set<string>()
  for (const token of [config.bos_token, config.eos_token, config.unk_token, config.pad_token]) {
    if (token !== null && token !== undefined && token !== '') named.add(token)
  }
  for (const token of [...(config.additional_special_tokens ?? []), ...(config.extra_special_tokens ?? [])]) named.add(token)
  const tokens = json.added_tokens.map((token) => ({ ...token, special: token.special || named.has(token.content) }))
  const present = new Set(tokens.map((token) => token.content))
  for (const content of named) {
    const id = json.model.vocab[content]
    if (id !== undefined && !present.has(content)) tokens.push({ id, content, special: true })
  }
  return tokens
}

function templateOf({ config, chatTemplate }: TokenizerFiles): string | null {
  if (chatTemplate !== null) return chatTemplate
  const configured = config.chat_template
  if (typeof configured === 'string') return configured
  return configured?.find((entry) => entry.name === 'default')?.template ?? null
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A checkpoint's byte-level BPE tokenizer. Immutable, may be shared.
 *
 * Decoding joins the tokens' bytes and reads them as UTF-8 with U+FFFD for what is not, which is
 * what the reference implementation's decoder does; `clean_up_tokenization_spaces` is not applied.
 */
export class TextTokenizer {
  readonly specialTokens: ReadonlyMap<string, number>
  readonly chatTemplate: string | null
  readonly bosToken: string | null
  readonly eosToken: string | null
  private readonly specialIds: ReadonlySet<number>
  private readonly idOfToken = new Map<string, number>()
  private readonly bytesOfId = new Map<number, Uint8Array>()
  private readonly withSpecial: Tokenizer
  private readonly withoutSpecial: Tokenizer

  constructor(files: TokenizerFiles) {
    const added = addedTokensOf(files)
    const special = added.filter((token) => token.special)
    this.specialTokens = new Map(special.map((token) => [token.content, token.id]))
    this.specialIds = new Set(this.specialTokens.values())
    this.chatTemplate = templateOf(files)
    this.bosToken = files.config.bos_token ?? null
    this.eosToken = files.config.eos_token ?? null
    const entries = [...Object.entries(files.json.model.vocab), ...added.map((token): [string, number] => [token.content, token.id])]
    for (const [token, id] of entries) {
      this.idOfToken.set(token, id)
      this.bytesOfId.set(id, bytesOfToken(token))
    }
    this.withSpecial = encoder(files.json, added, files.config)
    this.withoutSpecial = encoder(files.json, added.filter((token) => !token.special), files.config)
  }

  /** With `special` false the spellings of special tokens are ordinary text, so that a text cannot pose as a prompt's frame. */
  encode(text: string, options: { special?: boolean } = {}): number[] {
    if (text === '') return []
    const tokenizer = options.special === false ? this.withoutSpecial : this.withSpecial
    return tokenizer.encode(text, { add_special_tokens: false }).ids
  }

  decode(ids: readonly number[], options: { skipSpecial?: boolean } = {}): string {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    let text = ''
    for (const id of ids) {
      if (options.skipSpecial !== true || !this.isSpecial(id)) text += decoder.decode(this.tokenBytes(id), { stream: true })
    }
    return text + decoder.decode()
  }

  /** The bytes that the token stands for; none for an id outside the vocabulary. */
  tokenBytes(id: number): Uint8Array {
    return this.bytesOfId.get(id) ?? new Uint8Array()
  }

  /** The token's text, or OpenAI's `bytes:\x..` form where its bytes are not text by themselves. */
  tokenText(id: number): string {
    const bytes = this.tokenBytes(id)
    try {
      return strictUtf8.decode(bytes)
    } catch {
      return `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`
    }
  }

  idOf(token: string): number | undefined {
    return this.idOfToken.get(token)
  }

  isSpecial(id: number): boolean {
    return this.specialIds.has(id)
  }
}

/**
 * The tokenizer of a checkpoint directory; null where it has no `tokenizer.json`.
 * Throws AppError `model_unavailable` that names the file where it is broken or of another kind.
 */
export async function loadTokenizer(dir: string): Promise<TextTokenizer | null> {
  const files = await readTokenizerFiles(dir)
  if (files === null) return null
  const file = join(dir, 'tokenizer.json')
  if (files.json.decoder.type !== 'ByteLevel') {
    throw new AppError('model_unavailable', `${file}: the decoder is ${files.json.decoder.type}; only byte-level BPE tokenizers are supported.`)
  }
  try {
    return new TextTokenizer(files)
  } catch (error) {
    throw new AppError('model_unavailable', `${file}: ${error instanceof Error ? error.message : 'not understood'}`, { cause: error })
  }
}
