import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'

/**
 * What the engine needs of a model. It names no tensor, so that scheduling and batching can be
 * proved with a model of plain numbers; `workers/model` fulfils it with GPT-2.
 */

/** Keys and values of the tokens read so far, one row a sequence. Whoever holds a cache disposes it. */
export interface SequenceCache<Self> {
  readonly rows: number
  /** The given rows in the given order; takes over this cache. */
  select(rows: readonly number[]): Self
  /** Every row `times` times; takes over this cache. */
  repeat(times: number): Self
  /** May be called twice. */
  dispose(): void
}

export interface LanguageModel<Cache extends SequenceCache<Cache>> {
  /** V */
  readonly vocabSize: number
  /** Tokens that fit one sequence. */
  readonly positions: number
  /** Of the weights. */
  readonly bytes: number
  /** Of keys and values, for one token of one sequence. */
  readonly cacheBytesPerToken: number
  /** A cache of one row without tokens. */
  emptyCache(): Cache
  /** All rows of all caches, in order; takes the caches over. */
  joinCaches(caches: readonly Cache[]): Cache
  /** Reads the next tokens of one row: logits of the last one [V], or with `allLogits` of each [T · V]. */
  prefill(ids: readonly number[], cache: Cache, options: { allLogits: boolean }): Float32Array
  /** Reads one token of every row: logits [B · V]. */
  decode(ids: readonly number[], cache: Cache): Float32Array
  dispose(): void
}

/** A model in memory with what belongs to its checkpoint. */
export interface LoadedModel<Cache extends SequenceCache<Cache>> {
  readonly name: string
  readonly model: LanguageModel<Cache>
  /** null: prompts come and answers go as token ids alone. */
  readonly tokenizer: TextTokenizer | null
  readonly endTokenIds: readonly number[]
}
