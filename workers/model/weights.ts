import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { gpt2TensorShapes, selectGpt2Tensors } from '@/lib/checkpoints/gpt2-tensors'
import { readCheckpointHeaders } from '@/lib/checkpoints/safetensors-header'
import type { Gpt2Config } from '@/lib/contract/checkpoint'
import { AppError } from '@/lib/contract/errors'
import { readTensors } from '@/workers/model/safetensors'

export type LayerNormWeights = {
  gain: Tensor1D
  bias: Tensor1D
}

/** A linear layer as GPT-2's Conv1D keeps it: y = x · weight + bias. */
export type LinearWeights = {
  weight: Tensor2D // [in, out]
  bias: Tensor1D // [out]
}

export type BlockWeights = {
  norm1: LayerNormWeights
  qkv: LinearWeights // [D, 3D]
  attentionOut: LinearWeights // [D, D]
  norm2: LayerNormWeights
  mlpIn: LinearWeights // [D, inner]
  mlpOut: LinearWeights // [inner, D]
}

export type Gpt2Weights = {
  tokenEmbedding: Tensor2D // [V, D]
  positionEmbedding: Tensor2D // [positions, D]
  blocks: BlockWeights[]
  finalNorm: LayerNormWeights
  /** [D, V], also where it is tied: a product with the embedding transposed on the fly is 2 to 15 times slower. */
  head: Tensor2D
}

/** Bytes that the weights take on the backend, known before they are loaded. */
export function weightBytes(config: Gpt2Config): number {
  const sizes = [...gpt2TensorShapes(config).values()].map((shape) => tf.util.sizeFromShape([...shape]))
  const tiedHead = config.tied ? config.vocabSize * config.embedding : 0
  return 4 * sizes.reduce((sum, size) => sum + size, tiedHead)
}

/** tfjs-node keeps new numbers in JavaScript until an operation wants them; reshaping makes that now, not in the first answer. */
function upload(values: Float32Array, shape: readonly number[]): Tensor {
  return tf.tidy(() => tf.reshape(tf.tensor1d(values, 'float32'), [...shape]))
}

function transposed(matrix: Tensor2D): Tensor2D {
  return tf.tidy(() => tf.transpose(matrix))
}

function arrange(config: Gpt2Config, tensors: ReadonlyMap<string, Tensor>): Gpt2Weights {
  const tensor = (name: string): Tensor => {
    const found = tensors.get(name)
    if (found === undefined) throw new AppError('model_unavailable', `The weights lack the tensor ${name}.`)
    return found
  }
  // Ranks were checked against config.json before anything was read.
  const vector = (name: string) => tensor(name) as Tensor1D
  const matrix = (name: string) => tensor(name) as Tensor2D
  const norm = (name: string): LayerNormWeights => ({ gain: vector(`${name}.weight`), bias: vector(`${name}.bias`) })
  const linear = (name: string): LinearWeights => ({ weight: matrix(`${name}.weight`), bias: vector(`${name}.bias`) })

  return {
    tokenEmbedding: matrix('wte.weight'),
    positionEmbedding: matrix('wpe.weight'),
    blocks: Array.from({ length: config.layers }, (_, layer) => ({
      norm1: norm(`h.${layer}.ln_1`),
      qkv: linear(`h.${layer}.attn.c_attn`),
      attentionOut: linear(`h.${layer}.attn.c_proj`),
      norm2: norm(`h.${layer}.ln_2`),
      mlpIn: linear(`h.${layer}.mlp.c_fc`),
      mlpOut: linear(`h.${layer}.mlp.c_proj`),
    })),
    finalNorm: norm('ln_f'),
    head: matrix('head'),
  }
}

/**
 * Loads a checkpoint folder's weights onto the backend. The caller disposes them (`tf.dispose`).
 * Throws AppError model_unavailable that names file and tensor; nothing stays on the backend then.
 */
export async function loadWeights(dir: string, config: Gpt2Config): Promise<Gpt2Weights> {
  const entries = selectGpt2Tensors(config, await readCheckpointHeaders(dir))
  const tensors = new Map<string, Tensor>()
  try {
    for await (const [name, values] of readTensors(entries)) {
      tensors.set(name, upload(values, entries.get(name)?.shape ?? []))
    }
    const headName = config.tied ? 'wte.weight' : 'lm_head.weight'
    const head = tensors.get(headName)
    if (head === undefined) throw new AppError('model_unavailable', `The weights lack the tensor ${headName}.`)
    tensors.set('head', transposed(head as Tensor2D)) // its rank was checked as above
    if (!config.tied) {
      head.dispose()
      tensors.delete(headName)
    }
    return arrange(config, tensors)
  } catch (error) {
    tf.dispose([...tensors.values()])
    throw error
  }
}
