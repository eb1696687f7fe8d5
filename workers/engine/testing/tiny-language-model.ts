import type { LanguageModel, SequenceCache } from '../language-model'

/** The tokens that were read, row by row: all that a model of plain numbers needs of a past. */
export class TinyCache implements SequenceCache<TinyCache> {
  private disposed = false

  constructor(
    private past: number[][],
    private readonly model: TinyLanguageModel,
  ) {
    model.liveCaches++
  }

  get rows(): number {
    return this.past.length
  }

  get tokens(): readonly (readonly number[])[] {
    if (this.disposed) throw new Error('The cache was disposed, or taken over by another.')
    return this.past
  }

  read(next: readonly (readonly number[])[]): void {
    this.past = this.tokens.map((row, index) => [...row, ...(next[index] ?? [])])
  }

  select(rows: readonly number[]): TinyCache {
    const selected = rows.map((row) => {
      const tokens = this.tokens[row]
      if (tokens === undefined) throw new RangeError(`The cache has no row ${row}.`)
      return [...tokens]
    })
    this.dispose()
    return new TinyCache(selected, this.model)
  }

  repeat(times: number): TinyCache {
    return this.select(this.tokens.flatMap((_, row) => new Array<number>(times).fill(row)))
  }

  dispose(): void {
    if (!this.disposed) this.model.liveCaches--
    this.disposed = true
  }
}

/**
 * A language model without tensors: its logits are a hash of all tokens before them, so that a row
 * that lost a token, or took another's, says something else. It counts what it is asked to do.
 */
export class TinyLanguageModel implements LanguageModel<TinyCache> {
  readonly bytes = 1000
  readonly cacheBytesPerToken = 8
  liveCaches = 0
  prefilledTokens = 0
  largestPrefill = 0
  largestBatch = 0
  disposed = false
  /** Called before the model does anything; may throw. */
  beforeWork: () => void = () => undefined

  constructor(
    readonly vocabSize = 512,
    readonly positions = 96,
  ) {}

  emptyCache(): TinyCache {
    return new TinyCache([[]], this)
  }

  joinCaches(caches: readonly TinyCache[]): TinyCache {
    const joined = caches.flatMap((cache) => cache.tokens.map((row) => [...row]))
    for (const cache of caches) cache.dispose()
    return new TinyCache(joined, this)
  }

  prefill(ids: readonly number[], cache: TinyCache, { allLogits }: { allLogits: boolean }): Float32Array {
    this.beforeWork()
    this.prefilledTokens += ids.length
    this.largestPrefill = Math.max(this.largestPrefill, ids.length)
    const logits = ids.map((id) => {
      cache.read([[id]])
      return this.logitsAfter(cache.tokens[0] ?? [])
    })
    return concat(allLogits ? logits : logits.slice(-1))
  }

  decode(ids: readonly number[], cache: TinyCache): Float32Array {
    this.beforeWork()
    if (ids.length !== cache.rows) throw new Error(`${ids.length} tokens for ${cache.rows} rows.`)
    this.largestBatch = Math.max(this.largestBatch, ids.length)
    cache.read(ids.map((id) => [id]))
    return concat(cache.tokens.map((row) => this.logitsAfter(row)))
  }

  dispose(): void {
    if (this.liveCaches > 0) throw new Error('The model was given up while its caches live.')
    this.disposed = true
  }

  /** [V], between -4 and 4. */
  logitsAfter(tokens: readonly number[]): Float32Array {
    if (tokens.length > this.positions) throw new Error(`${tokens.length} tokens do not fit ${this.positions} positions.`)
    const seed = tokens.reduce((hash, token) => mix(hash ^ (token + 1)), 17)
    return Float32Array.from({ length: this.vocabSize }, (_, id) => (8 * mix(seed ^ Math.imul(id + 1, 0x9e3779b1))) / 2 ** 32 - 4)
  }
}

/** An unsigned 32-bit hash (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
