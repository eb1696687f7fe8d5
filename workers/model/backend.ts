import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'

/** What the model computes on. */
export interface Backend {
  name: 'tensorflow' | 'wasm'
  /** Version of the native library; null on wasm. */
  tensorflow: string | null
  gpu: boolean
  /** Why `auto` did not take TensorFlow; null where it did, or where wasm was asked for. */
  fallbackReason: string | null
}

/** The parts of tfjs-node's backend object that tell what lies under it. */
const nativeBackend = z.object({
  binding: z.object({ TF_Version: z.string() }),
  isUsingGpuDevice: z.boolean(),
})

/**
 * tfjs-node calls these two on every operation; Node 23 removed them from `node:util`.
 * The module object is shared with CommonJS, so what is set here is what tfjs-node finds.
 */
function restoreRemovedUtilities(): void {
  if ('isNullOrUndefined' in util) return
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray })
}

/** tfjs falls back to another backend without a word, so the name is checked after every change. */
async function activate(name: Backend['name']): Promise<void> {
  const started = await tf.setBackend(name)
  await tf.ready()
  if (!started || tf.getBackend() !== name) throw new Error(`The ${name} backend did not start (tfjs chose ${tf.getBackend() || 'none'}).`)
}

async function startTensorflow(): Promise<Backend> {
  // The library reads both from the process's environment: in a worker thread, start that with SHARE_ENV.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3'
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
  restoreRemovedUtilities()
  await import('@tensorflow/tfjs-node-gpu')
  await activate('tensorflow')
  const { binding, isUsingGpuDevice } = nativeBackend.parse(tf.backend())
  return { name: 'tensorflow', tensorflow: binding.TF_Version, gpu: isUsingGpuDevice, fallbackReason: null }
}

async function startWasm(fallbackReason: string | null): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-wasm')
  // With threads its start never returns in Node.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await activate('wasm')
  return { name: 'wasm', tensorflow: null, gpu: false, fallbackReason }
}

function reasonOf(error: unknown): string {
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return firstLine.trim()
}

/**
 * Starts the backend for all tensor work of this thread. `auto` takes wasm where TensorFlow does not
 * start, and says why; the other two throw an Error where theirs is not to be had.
 */
export async function startBackend(wanted: 'auto' | Backend['name']): Promise<Backend> {
  if (wanted === 'wasm') return startWasm(null)
  try {
    return await startTensorflow()
  } catch (error) {
    if (wanted === 'auto') return startWasm(reasonOf(error))
    throw new Error(`TensorFlow did not start: ${reasonOf(error)}`, { cause: error })
  }
}

/** Tensors alive on the backend; steady under any load. */
export function liveTensors(): number {
  return tf.memory().numTensors
}
