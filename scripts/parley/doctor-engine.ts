import { EngineClient } from '@/lib/engine-client/engine-client'
import type { Runtime } from '../runtime-file'
import { messageOf } from '../setup-error'
import type { Context } from './context'

export interface Finding {
  /** stopped: not at fault, only not running now. */
  status: 'ok' | 'stopped' | 'failed'
  error: string | null
}

export interface BackendFinding extends Finding {
  backend: 'tensorflow' | 'wasm' | null
  tensorflow: string | null
  gpu: boolean
  fallbackReason: string | null
}

/** Starts the backend in this process, as a worker would. */
export async function examineBackend(context: Context): Promise<BackendFinding> {
  try {
    // Loaded only here: it takes time, and every other command does without.
    const { startBackend } = await import('@/workers/model/backend')
    const backend = await startBackend(context.env.PARLEY_BACKEND)
    return { status: 'ok', error: null, backend: backend.name, tensorflow: backend.tensorflow, gpu: backend.gpu, fallbackReason: backend.fallbackReason }
  } catch (error) {
    return { status: 'failed', error: messageOf(error), backend: null, tensorflow: null, gpu: false, fallbackReason: null }
  }
}

/** Asks the worker at WORKER_URL or of the running instance what it computes on. */
export async function examineWorker(context: Context, running: Runtime | null): Promise<Finding & { address: string | null; computes: BackendFinding | null }> {
  const address = context.env.WORKER_URL ?? running?.workerUrl ?? null
  if (address === null) return { status: 'stopped', error: null, address, computes: null }
  const client = new EngineClient({ url: address, token: context.env.WORKER_TOKEN ?? running?.workerToken ?? null })
  try {
    const health = await client.health()
    const computes: BackendFinding = { status: 'ok', error: null, backend: health.backend, tensorflow: health.tensorflow, gpu: health.gpu, fallbackReason: health.fallback_reason }
    return { status: health.status === 'failed' ? 'failed' : 'ok', error: health.error, address, computes }
  } catch (error) {
    return { status: 'failed', error: messageOf(error), address, computes: null }
  } finally {
    await client.close()
  }
}
