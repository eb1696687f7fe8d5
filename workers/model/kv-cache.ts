import * as tf from '@tensorflow/tfjs-core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Gpt2Config } from '@/lib/contract/checkpoint'

/** One layer's keys and values, each [B, H, C, D / H]. */
export type LayerCache = {
  keys: Tensor4D
  values: Tensor4D
}

const TIME = 2

/**
 * Keys and values of a batch of sequences. Rows end at the same column and begin at their own: a
 * shorter row is padded with zeros on the left, so that one step appends one column for all.
 * Whoever holds a cache disposes it; `join`, `select` and `repeat` take over what they are given.
 */
export class KvCache {
  private disposed = false

  private constructor(
    private readonly config: Gpt2Config,
    private rowLengths: readonly number[],
    /** One for each layer, or none while there is no column. */
    private layerCaches: readonly LayerCache[],
  ) {}

  static empty(config: Gpt2Config, rows: number): KvCache {
    return new KvCache(config, new Array<number>(rows).fill(0), [])
  }

  get rows(): number {
    return this.rowLengths.length
  }

  /** Tokens in each row; also the position of its next token. */
  get lengths(): readonly number[] {
    return this.rowLengths
  }

  /** C: tokens in the longest row. */
  get columns(): number {
    return Math.max(0, ...this.rowLengths)
  }

  get bytes(): number {
    return this.layerCaches.reduce((sum, { keys, values }) => sum + 4 * (keys.size + values.size), 0)
  }

  /** What the layer has; undefined while there is no column. */
  layer(index: number): LayerCache | undefined {
    this.assertAlive()
    return this.layerCaches[index]
  }

  /** Takes over the layers' caches, grown by `tokens` columns, once a step has computed all of them. */
  grow(layers: readonly LayerCache[], tokens: number): void {
    this.assertAlive()
    tf.dispose([...this.layerCaches])
    this.layerCaches = layers
    this.rowLengths = this.rowLengths.map((length) => length + tokens)
  }

  /** All rows of all caches, in order. */
  static join(caches: readonly KvCache[]): KvCache {
    const [first] = caches
    if (first === undefined) throw new Error('There is no cache to join.')
    const columns = Math.max(...caches.map((cache) => cache.columns))
    const layers = columns === 0 ? [] : Array.from({ length: first.config.layers }, (_, index) => tf.tidy(() => {
      const padded = caches.filter((cache) => cache.rows > 0).map((cache) => cache.paddedLayer(index, columns))
      return {
        keys: tf.concat(padded.map((layer) => layer.keys), 0), // [ΣB, H, C, D / H]
        values: tf.concat(padded.map((layer) => layer.values), 0),
      }
    }))
    const joined = new KvCache(first.config, caches.flatMap((cache) => cache.rowLengths), layers)
    for (const cache of caches) cache.dispose()
    return joined
  }

  /** The given rows, in the given order; a row may occur more than once. Columns that are padding in all of them go. */
  select(rows: readonly number[]): KvCache {
    this.assertAlive()
    const lengths = rows.map((row) => {
      const length = this.rowLengths[row]
      if (length === undefined) throw new RangeError(`The cache has ${this.rows} rows, and no row ${row}.`)
      return length
    })
    const columns = Math.max(0, ...lengths)
    const layers = columns === 0 ? [] : this.layerCaches.map((layer) => tf.tidy(() => {
      const indices = tf.tensor1d([...rows], 'int32')
      return { keys: tf.gather(lastColumns(layer.keys, columns), indices), values: tf.gather(lastColumns(layer.values, columns), indices) }
    }))
    const selected = new KvCache(this.config, lengths, layers)
    this.dispose()
    return selected
  }

  /** Each row `times` times, side by side. */
  repeat(times: number): KvCache {
    return this.select(this.rowLengths.flatMap((_, row) => new Array<number>(times).fill(row)))
  }

  dispose(): void {
    if (this.disposed) return
    this.disposed = true
    tf.dispose([...this.layerCaches])
    this.layerCaches = []
  }

  /** The layer with zeros on the left up to `columns`. Its tensors belong to the caller's tidy. */
  private paddedLayer(index: number, columns: number): LayerCache {
    const { heads, embedding } = this.config
    const missing = columns - this.columns
    const layer = this.layer(index)
    if (layer === undefined) {
      const nothing = tf.zeros<tf.Rank.R4>([this.rows, heads, columns, embedding / heads])
      return { keys: nothing, values: nothing }
    }
    if (missing === 0) return layer
    const pad = (x: Tensor4D): Tensor4D => tf.pad(x, [[0, 0], [0, 0], [missing, 0], [0, 0]])
    return { keys: pad(layer.keys), values: pad(layer.values) }
  }

  private assertAlive(): void {
    if (this.disposed) throw new Error('The cache was disposed, or taken over by another.')
  }
}

function lastColumns(x: Tensor4D, columns: number): Tensor4D {
  const surplus = x.shape[TIME] - columns
  return surplus === 0 ? x : tf.slice(x, [0, 0, surplus, 0])
}
