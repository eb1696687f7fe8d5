import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { workerCompletionEvent, workerError, workerHealth } from '@/lib/contract/worker'
import type { WorkerCompletionEvent, WorkerCompletionInput, WorkerError, WorkerHealth } from '@/lib/contract/worker'
import { eventData } from './server-sent-events'

const HEALTH_TIMEOUT_MS = 3000
/** A request may wait this long for its model to be loaded; from then on the worker sends comments. */
const ACCEPT_TIMEOUT_MS = 10 * 60_000
/** The worker breaks a silence every ten seconds. */
const SILENCE_TIMEOUT_MS = 60_000

const streamItem = z.union([workerError, workerCompletionEvent])

export interface EngineClientOptions {
  url: string
  token: string | null
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('engine_unavailable', message, { cause })
}

function asAppError({ error }: WorkerError, retryAfter?: number): AppError {
  // The person who asked is signed in; it is the installation that is at fault.
  if (error.code === 'unauthenticated') return unavailable("The worker does not accept the app's WORKER_TOKEN.")
  return new AppError(error.code, error.message, { retryAfter })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function refusal(response: Dispatcher.ResponseData): Promise<AppError> {
  const parsed = workerError.safeParse(parseJson(await response.body.text()))
  if (!parsed.success) return unavailable(`The worker answered with status ${response.statusCode}.`)
  const retryAfter = Number(response.headers['retry-after'])
  return asAppError(parsed.data, Number.isFinite(retryAfter) ? retryAfter : undefined)
}

function parseItem(data: string): WorkerCompletionEvent {
  const item = streamItem.safeParse(parseJson(data))
  if (!item.success) throw unavailable('The worker sent an event that is not understood.', item.error)
  if ('error' in item.data) throw asAppError(item.data)
  return item.data
}

/** Speaks to a serve worker. One of them for a process; it keeps connections. */
export class EngineClient {
  private readonly agent = new Agent({ connect: { timeout: 5000 }, headersTimeout: ACCEPT_TIMEOUT_MS, bodyTimeout: SILENCE_TIMEOUT_MS })

  constructor(private readonly options: EngineClientOptions) {}

  /**
   * The events of a completion, as fast as they are taken. Aborting, or leaving the loop, disconnects,
   * which ends the work at the worker. Throws the signal's reason when aborted; else AppError: the
   * worker's own, or engine_unavailable where it cannot be reached or breaks off.
   */
  async *complete(input: WorkerCompletionInput, signal: AbortSignal): AsyncGenerator<WorkerCompletionEvent, void> {
    signal.throwIfAborted()
    try {
      const response = await this.send('/v1/completions', { method: 'POST', body: JSON.stringify(input), signal })
      if (response.statusCode !== 200) throw await refusal(response)
      let done = false
      // Read to its end, so that the connection can be used again.
      for await (const data of eventData(response.body)) {
        // What had arrived before is not for a reader who has given up.
        signal.throwIfAborted()
        if (data === '[DONE]') done = true
        else yield parseItem(data)
      }
      if (!done) throw unavailable('The worker broke off in the middle of an answer.')
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof AppError ? error : unavailable('The worker broke off in the middle of an answer.', error)
    }
  }

  /** Throws AppError engine_unavailable where there is no answer in time. */
  async health(signal?: AbortSignal): Promise<WorkerHealth> {
    const timeout = AbortSignal.timeout(HEALTH_TIMEOUT_MS)
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    try {
      const response = await this.send('/health', { method: 'GET', signal: either })
      if (response.statusCode !== 200) throw await refusal(response)
      return workerHealth.parse(await response.body.json())
    } catch (error) {
      signal?.throwIfAborted()
      throw error instanceof AppError ? error : unavailable('The worker does not answer.', error)
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy()
  }

  private async send(path: string, options: { method: 'GET' | 'POST'; body?: string; signal: AbortSignal }): Promise<Dispatcher.ResponseData> {
    const authorization = this.options.token === null ? {} : { authorization: `Bearer ${this.options.token}` }
    const headers = { 'content-type': 'application/json', ...authorization }
    try {
      return await request(new URL(path, this.options.url), { ...options, headers, dispatcher: this.agent })
    } catch (error) {
      options.signal.throwIfAborted()
      throw unavailable('The worker cannot be reached.', error)
    }
  }
}
