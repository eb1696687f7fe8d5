import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { SetupError } from '../setup-error'
import type { Progress } from '../step-printer'

/** The part of `/api/health` that is looked at here. */
const healthSchema = z.object({
  status: z.string(),
  database: z.string(),
  worker: z.object({
    status: z.string(),
    backend: z.string().nullish(),
    tensorflow: z.string().nullish(),
    fallback_reason: z.string().nullish(),
    model: z.string().nullish(),
    gpu: z.boolean().nullish(),
    error: z.string().nullish(),
  }),
})

export type AppHealth = z.infer<typeof healthSchema>

/**
 * Waits until the app and everything behind it are well.
 * @throws SetupError naming the part that failed, or that was not well in time
 */
export async function untilHealthy(appUrl: string, options: { timeoutMs: number; progress: Progress; signal: AbortSignal }): Promise<AppHealth> {
  const until = Date.now() + options.timeoutMs
  let state = 'the app does not answer'
  while (Date.now() < until && !options.signal.aborted) {
    const health = await readHealth(appUrl)
    if (health !== null) {
      if (health.status === 'ok') return health
      state = describeHealth(health)
      if (health.worker.status === 'failed') throw new SetupError(`The worker failed: ${health.worker.error ?? 'it gives no reason'}`, 'see its log; for a broken or missing model, set PARLEY_MODEL to another one (npm run -s parley -- model list)')
    }
    options.progress(`waiting: ${state}`)
    await sleep(150)
  }
  throw new SetupError(`Parley was not ready within ${(options.timeoutMs / 1000).toString()} s: ${state}`, 'see the logs of the part that is named')
}

/** Names the parts that are not well. */
export function describeHealth(health: AppHealth): string {
  const parts = [
    health.database === 'ok' ? '' : `database ${health.database}`,
    health.worker.status === 'ok' ? '' : `worker ${health.worker.status}${health.worker.error ? ` (${health.worker.error})` : ''}`,
  ]
  return parts.filter((part) => part !== '').join(', ') || `status ${health.status}`
}

async function readHealth(appUrl: string): Promise<AppHealth | null> {
  try {
    const response = await fetch(`${appUrl}/api/health`, { signal: AbortSignal.timeout(5000) })
    return healthSchema.parse(await response.json())
  } catch {
    return null
  }
}
