import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { TensorEntry } from '@/lib/checkpoints/safetensors-header'
import { AppError } from '@/lib/contract/errors'

/** Widens IEEE half-precision numbers, given as their bits. */
export function widenHalf(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length)
  const bits = new Uint32Array(result.buffer)
  halves.forEach((half, index) => {
    const sign = (half & 0x8000) << 16
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) result[index] = (sign === 0 ? 1 : -1) * fraction * 2 ** -24 // zero and subnormal numbers
    else if (exponent === 31) bits[index] = sign | 0x7f800000 | (fraction << 13) // infinities and NaN
    else bits[index] = sign | ((exponent + 112) << 23) | (fraction << 13) // 112 = 127 - 15, the difference of the biases
  })
  return result
}

/** Widens bfloat16 numbers, given as their bits: they are the upper halves of float32. */
export function widenBrainFloat(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length)
  const bits = new Uint32Array(result.buffer)
  halves.forEach((half, index) => {
    bits[index] = half << 16
  })
  return result
}

async function fill(handle: FileHandle, target: Uint8Array, entry: TensorEntry): Promise<void> {
  let filled = 0
  while (filled < target.length) {
    const { bytesRead } = await handle.read(target, filled, target.length - filled, entry.start + filled)
    if (bytesRead === 0) throw new AppError('model_unavailable', `${path.basename(entry.file)}, tensor ${entry.name}: the file ends inside it.`)
    filled += bytesRead
  }
}

async function readEntry(handle: FileHandle, entry: TensorEntry): Promise<Float32Array> {
  // Safetensors are little-endian, and so is every machine that TensorFlow or wasm runs on.
  const length = entry.end - entry.start
  if (entry.dtype === 'F32') {
    const values = new Float32Array(length / 4)
    await fill(handle, new Uint8Array(values.buffer), entry)
    return values
  }
  const halves = new Uint16Array(length / 2)
  await fill(handle, new Uint8Array(halves.buffer), entry)
  switch (entry.dtype) {
    case 'F16':
      return widenHalf(halves)
    case 'BF16':
      return widenBrainFloat(halves)
    default:
      throw new AppError('model_unavailable', `${path.basename(entry.file)}, tensor ${entry.name}: the type ${entry.dtype} is not read.`)
  }
}

/**
 * The numbers of the given tensors, widened to float32, one tensor in memory at a time, in the order
 * in which they lie in their files. Throws AppError model_unavailable that names file and tensor.
 */
export async function* readTensors(entries: ReadonlyMap<string, TensorEntry>): AsyncGenerator<[name: string, values: Float32Array]> {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start)
  for (const file of new Set(inOrder.map(([, entry]) => entry.file))) {
    const handle = await open(file).catch((cause: unknown) => {
      throw new AppError('model_unavailable', `${path.basename(file)} cannot be read: it is missing or may not be opened.`, { cause })
    })
    try {
      for (const [name, entry] of inOrder) {
        if (entry.file === file) yield [name, await readEntry(handle, entry)]
      }
    } finally {
      await handle.close()
    }
  }
}
