import type { LiveStatus, LiveWorker } from '@/lib/contract/admin'
import { AppError } from '@/lib/contract/errors'
import { liveCounts } from '@/lib/db/live-counts'
import { processStatus } from './process-status'
import { serverContext } from './server-context'

/** Worker, this app process and the ledger as they are at this moment. A worker that does not answer is part of the picture. */
export async function liveStatus(signal: AbortSignal): Promise<LiveStatus> {
  const [worker, database] = await Promise.all([workerNow(signal), liveCounts()])
  const { requestsInFlight, sweeper } = processStatus()
  return {
    at: Date.now(),
    worker,
    app: {
      requestsInFlight,
      sweeper,
      startedAt: Math.round(Date.now() - process.uptime() * 1000),
      memoryBytes: process.memoryUsage.rss(),
    },
    database,
  }
}

const ABSENT = { backend: null, gpu: false, model: null, running: 0, waiting: 0, activity: null } as const

async function workerNow(signal: AbortSignal): Promise<LiveWorker> {
  try {
    const { status, error, backend, gpu, model, loaded, running, waiting, activity } = await serverContext().engine().health(signal)
    return {
      status,
      error,
      backend,
      gpu,
      model,
      loaded,
      running,
      waiting,
      activity: activity === undefined ? null : {
        startedAt: activity.started_at,
        steps: activity.steps,
        promptTokens: activity.prompt_tokens,
        sampledTokens: activity.sampled_tokens,
        memoryBytes: activity.memory_bytes,
        maxRunning: activity.max_running,
        maxWaiting: activity.max_waiting,
      },
    }
  } catch (error) {
    return { ...ABSENT, loaded: [], status: 'unreachable', error: error instanceof AppError ? error.message : 'The worker does not answer.' }
  }
}
