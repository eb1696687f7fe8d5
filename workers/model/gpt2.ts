import * as tf from '@tensorflow/tfjs-core'
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Gpt2Config } from '@/lib/contract/checkpoint'
import { AppError } from '@/lib/contract/errors'
import { KvCache } from '@/workers/model/kv-cache'
import type { LayerCache } from '@/workers/model/kv-cache'
import { loadWeights, weightBytes } from '@/workers/model/weights'
import type { BlockWeights, Gpt2Weights, LayerNormWeights, LinearWeights } from '@/workers/model/weights'

/**
 * GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"), number for number
 * as Hugging Face's GPT2LMHeadModel computes it, in float32 and with operations that TensorFlow and
 * wasm both have.
 *
 * Shapes: B rows, T new tokens in each, C cached columns before them, D embedding, H heads, V vocabulary.
 */

/** Added to the scores of what a token may not see: its softmax is exactly 0, and no row becomes NaN. */
const MASKED = -1e9

function linear(x: Tensor2D, { weight, bias }: LinearWeights): Tensor2D {
  return tf.add(tf.matMul(x, weight), bias) // [n, in] · [in, out] + [out]
}

function layerNorm(x: Tensor2D, { gain, bias }: LayerNormWeights, epsilon: number): Tensor2D {
  const centred = tf.sub(x, tf.mean(x, -1, true)) // [n, D]
  const variance = tf.mean(tf.square(centred), -1, true) // [n, 1]
  const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)))
  return tf.add(tf.mul(normalised, gain), bias)
}

/** x Φ(x) with Φ approximated by a tanh (Hendrycks and Gimpel 2016); ½(1 + tanh u) is written as sigmoid(2u). */
function geluTanh(x: Tensor2D): Tensor2D {
  const c = 2 * Math.sqrt(2 / Math.PI)
  const u = tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715 * c), c))
  return tf.mul(x, tf.sigmoid(u))
}

function geluExact(x: Tensor2D): Tensor2D {
  return tf.mul(x, tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5))
}

function activation(x: Tensor2D, name: Gpt2Config['activation']): Tensor2D {
  switch (name) {
    case 'gelu_new':
    case 'gelu_fast':
    case 'gelu_pytorch_tanh':
      return geluTanh(x)
    case 'gelu':
      return geluExact(x)
    case 'relu':
      return tf.relu(x)
    case 'silu':
    case 'swish':
      return tf.mul(x, tf.sigmoid(x))
    case 'tanh':
      return tf.tanh(x)
  }
}

/**
 * What each new token may see: its row's cached columns without their padding, the tokens before it,
 * and itself. null where that is everything; else [B or 1, 1, T, C + T], 0 or MASKED.
 */
function attentionMask(lengths: readonly number[], columns: number, tokens: number): Tensor4D | null {
  const padded = lengths.some((length) => length < columns)
  if (!padded && tokens === 1) return null
  const rows = padded ? lengths : [columns]
  const width = columns + tokens
  const mask = new Float32Array(rows.length * tokens * width)
  rows.forEach((length, row) => {
    for (let token = 0; token < tokens; token++) {
      const start = (row * tokens + token) * width
      mask.fill(MASKED, start, start + columns - length)
      mask.fill(MASKED, start + columns + token + 1, start + width)
    }
  })
  return tf.tensor4d(mask, [rows.length, 1, tokens, width])
}

export class Gpt2 {
  private constructor(
    readonly config: Gpt2Config,
    private readonly weights: Gpt2Weights,
  ) {}

  /** Of the weights on the backend. */
  get bytes(): number {
    return weightBytes(this.config)
  }

  /** Loads a checkpoint folder. Throws AppError model_unavailable that names file and tensor. */
  static async load(dir: string, config: Gpt2Config): Promise<Gpt2> {
    const model = new Gpt2(config, await loadWeights(dir, config))
    model.warmUp()
    return model
  }

  /** One token for nothing: wasm packs each weight at its first product, which takes seconds that no answer should wait for. */
  private warmUp(): void {
    const cache = KvCache.empty(this.config, 1)
    try {
      this.prefill([0], cache)
    } catch (error) {
      this.dispose()
      throw error
    } finally {
      cache.dispose()
    }
  }

  dispose(): void {
    tf.dispose(this.weights)
  }

  /**
   * Reads the next tokens of one sequence (a whole prompt, or a chunk of it) into its cache of one row.
   * @returns logits of the last token [V]; with `allLogits` those of every token [T · V], row-major
   */
  prefill(ids: readonly number[], cache: KvCache, options: { allLogits?: boolean } = {}): Float32Array {
    if (cache.rows !== 1) throw new Error(`Prefill wants a cache of one row, not ${cache.rows}.`)
    return this.run([ids], cache, options.allLogits ?? false)
  }

  /**
   * Reads one more token of every row into the batch's cache.
   * @returns logits [B · V], row-major
   */
  decode(ids: readonly number[], cache: KvCache): Float32Array {
    if (ids.length !== cache.rows) throw new Error(`${ids.length} tokens do not fit a cache of ${cache.rows} rows.`)
    return this.run(ids.map((id) => [id]), cache, true)
  }

  private run(ids: readonly (readonly number[])[], cache: KvCache, allLogits: boolean): Float32Array {
    this.check(ids, cache)
    const tokens = ids[0]?.length ?? 0
    const { logits, layers } = tf.tidy(() => {
      const { hidden, layers } = this.forward(ids, cache)
      const wanted = allLogits ? hidden : tf.slice(hidden, [hidden.shape[0] - 1, 0]) // [n, D]
      return { logits: tf.matMul(wanted, this.weights.head), layers } // [n, V]
    })
    try {
      // tfjs types the result by all dtypes; logits are float32.
      return logits.dataSync<'float32'>()
    } finally {
      logits.dispose()
      cache.grow(layers, tokens)
    }
  }

  /** An id beyond the table would read foreign memory on wasm, so nothing reaches the tensors unchecked. */
  private check(ids: readonly (readonly number[])[], cache: KvCache): void {
    const { positions, vocabSize } = this.config
    const tokens = ids[0]?.length ?? 0
    if (tokens === 0) throw new AppError('invalid_request', 'There is no token to read.', { param: 'prompt' })
    if (cache.columns + tokens > positions) {
      throw new AppError('context_length_exceeded', `The model has ${positions} positions, and ${cache.columns + tokens} are wanted.`)
    }
    for (const id of ids.flat()) {
      if (!Number.isInteger(id) || id < 0 || id >= vocabSize) {
        throw new AppError('invalid_request', `The token id ${id} is not in the model's vocabulary of ${vocabSize}.`, { param: 'prompt' })
      }
    }
  }

  /** All blocks and the last norm. Runs within the caller's tidy, and leaves the cache as it is. */
  private forward(ids: readonly (readonly number[])[], cache: KvCache): { hidden: Tensor2D; layers: LayerCache[] } {
    const { weights, config } = this
    const rows = ids.length
    const tokens = ids[0]?.length ?? 0
    const positions = cache.lengths.flatMap((length) => Array.from({ length: tokens }, (_, token) => length + token))
    const mask = attentionMask(cache.lengths, cache.columns, tokens)

    let x = tf.add<Tensor2D>( // [B · T, D]
      tf.gather(weights.tokenEmbedding, tf.tensor1d(ids.flat(), 'int32')),
      tf.gather(weights.positionEmbedding, tf.tensor1d(positions, 'int32')),
    )
    const layers = weights.blocks.map((block, index) => {
      const normed = layerNorm(x, block.norm1, config.layerNormEpsilon)
      const { output, layer } = this.attention(normed, rows, block, index, cache.layer(index), mask)
      const middle = tf.add<Tensor2D>(x, output)
      x = tf.add(middle, this.mlp(layerNorm(middle, block.norm2, config.layerNormEpsilon), block))
      return layer
    })
    return { hidden: layerNorm(x, weights.finalNorm, config.layerNormEpsilon), layers }
  }

  private mlp(x: Tensor2D, block: BlockWeights): Tensor2D {
    return linear(activation(linear(x, block.mlpIn), this.config.activation), block.mlpOut)
  }

  /** Multi-head attention of the new tokens over the cached ones and themselves. */
  private attention(x: Tensor2D, rows: number, block: BlockWeights, index: number, past: LayerCache | undefined, mask: Tensor4D | null) {
    const { heads, embedding } = this.config
    const tokens = x.shape[0] / rows
    const size = embedding / heads
    // [B · T, D] to [B, H, T, D / H]; with one token no number moves.
    const split = (part: Tensor2D): Tensor4D =>
      tokens === 1 ? tf.reshape(part, [rows, heads, 1, size]) : tf.transpose(tf.reshape(part, [rows, tokens, heads, size]), [0, 2, 1, 3])

    const [q, k, v] = tf.split<Tensor2D>(linear(x, block.qkv), 3, 1) // [B · T, D] each
    if (q === undefined || k === undefined || v === undefined) throw new Error('The projection did not split into query, key and value.')
    const keys = past === undefined ? split(k) : tf.concat([past.keys, split(k)], 2) // [B, H, C + T, D / H]
    const values = past === undefined ? split(v) : tf.concat([past.values, split(v)], 2)

    const scores = tf.matMul(tf.mul(split(q), this.scoreScale(index)), keys, false, true) // [B, H, T, C + T]
    const weights = tf.softmax(mask === null ? scores : tf.add(scores, mask))
    const mixed = tf.matMul(weights, values) // [B, H, T, D / H]
    const merged = tokens === 1 ? mixed : tf.transpose(mixed, [0, 2, 1, 3])
    const output = linear(tf.reshape(merged, [rows * tokens, embedding]), block.attentionOut) // [B · T, D]
    return { output, layer: { keys, values } }
  }

  private scoreScale(layer: number): number {
    const { heads, embedding, scaleAttention, scaleByInverseLayer } = this.config
    return (scaleAttention ? Math.sqrt(heads / embedding) : 1) / (scaleByInverseLayer ? layer + 1 : 1)
  }
}
