import { AppError } from '@/lib/contract/errors'
import type { HealthResponse } from '@/lib/contract/health'
import { databaseHealth } from '@/lib/db/client'
import { serverContext } from './server-context'

const DATABASE_TIMEOUT_MS = 3000

/** Asks the database and the worker; both have three seconds. */
export async function checkHealth(signal: AbortSignal): Promise<HealthResponse> {
  const [database, worker] = await Promise.all([checkDatabase(), checkWorker(signal)])
  const failing: HealthResponse['failing'] = []
  if (database !== 'ok') failing.push('database')
  if (worker.status !== 'ok') failing.push('worker')
  return failing.length === 0 ? { status: 'ok', database, worker } : { status: 'failed', failing, database, worker }
}

async function checkDatabase(): Promise<HealthResponse['database']> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The database did not answer in time.')), DATABASE_TIMEOUT_MS)
  })
  try {
    await Promise.race([databaseHealth(), late])
    return 'ok'
  } catch (error) {
    serverContext().logger.warn({ err: error }, 'the database does not answer')
    return 'unreachable'
  } finally {
    clearTimeout(timer)
  }
}

async function checkWorker(signal: AbortSignal): Promise<HealthResponse['worker']> {
  try {
    const health = await serverContext().engine().health(signal)
    return {
      status: health.status,
      backend: health.backend,
      tensorflow: health.tensorflow,
      model: health.model,
      gpu: health.gpu,
      ...(health.fallback_reason === null ? {} : { fallback_reason: health.fallback_reason }),
      ...(health.error === null ? {} : { error: health.error }),
    }
  } catch (error) {
    return { status: 'unreachable', error: error instanceof AppError ? error.message : 'The worker does not answer.' }
  }
}
