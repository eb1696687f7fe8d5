import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gpt2TensorShapes } from '@/lib/checkpoints/gpt2-tensors'
import { gpt2ConfigSchema } from '@/lib/contract/checkpoint'
import type { Gpt2Config } from '@/lib/contract/checkpoint'
import { uniform } from '@/workers/model/counter-random'

export interface StoredTensor {
  dtype: string
  shape: readonly number[]
  data: Uint8Array
}

/** The bytes of a `.safetensors` file. */
export function safetensorsBytes(tensors: ReadonlyMap<string, StoredTensor>): Buffer {
  let offset = 0
  const header = Object.fromEntries([...tensors].map(([name, { dtype, shape, data }]) => {
    const begin = offset
    offset += data.length
    return [name, { dtype, shape, data_offsets: [begin, offset] }]
  }))
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...[...tensors.values()].map((tensor) => tensor.data)])
}

/** Weights of a size at which logits spread and every part of the model shows in them. */
export function randomTensors(config: Gpt2Config, seed: number): Map<string, StoredTensor> {
  return new Map([...gpt2TensorShapes(config)].map(([name, shape], index) => {
    const isGain = /ln_.\.weight$/.test(name)
    const size = shape.reduce((product, side) => product * side, 1)
    const values = Float32Array.from({ length: size }, (_, i) => (isGain ? 1 : 0) + 0.8 * (uniform(seed, index, i) - 0.5))
    return [name, { dtype: 'F32', shape, data: new Uint8Array(values.buffer) }]
  }))
}

export function tinyConfig(overrides: Record<string, unknown> = {}): Gpt2Config {
  return gpt2ConfigSchema.parse({ vocab_size: 23, n_positions: 24, n_embd: 8, n_layer: 2, n_head: 2, ...overrides })
}

/** Runs `work` on a new folder that holds the given files, and removes it. */
export async function withFolder<T>(files: Record<string, Uint8Array | string>, work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), 'parley-checkpoint-'))
  try {
    for (const [name, data] of Object.entries(files)) writeFileSync(path.join(dir, name), data)
    return await work(dir)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
