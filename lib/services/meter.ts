import { AppError } from '@/lib/contract/errors'
import type { Feature } from '@/lib/contract/feature'
import type { WorkerCompletionEvent, WorkerCompletionInput } from '@/lib/contract/worker'
import { extendHold, placeHold, releaseHold, settleHold } from '@/lib/db/ledger'
import type { Caller } from './caller'
import { notedStream } from './noted-stream'
import type { Runtime } from './runtime'

/** The most that a request can cost. */
export interface Estimate {
  model: string
  feature: Feature
  tokens: number
  /** Those of `tokens` that are prompt. */
  promptTokens?: number
  characters: number
}

export interface CompletionUsage {
  promptTokens: number
  completionTokens: number
}

export type EngineRequest = Omit<WorkerCompletionInput, 'request_id' | 'tenant'>

const HOLD_SECONDS = 120
const EXTEND_MS = 40_000
const CALLS_OF_AN_ATTEMPT = 1_000_000

/**
 * The account of one HTTP request, from its hold to its one usage event, over however many calls of
 * the engine it takes.
 */
export class Meter {
  /** Code points of source text that were worked through; set by who counts them. */
  characters = 0
  private promptTokens = 0
  private completionTokens = 0
  private calls = 0
  private readonly keepAlive: NodeJS.Timeout

  private constructor(
    private readonly engine: Runtime['engine'],
    private readonly caller: Caller,
    /** Tokens that were taken from the tenant's minute. */
    private readonly taken: number,
  ) {
    // A missed extension is made up for by the next one, or by the settling itself.
    this.keepAlive = setInterval(() => void this.note().catch(() => undefined), EXTEND_MS)
    this.keepAlive.unref()
  }

  /** Places the hold. Throws AppError insufficient_quota, and whatever the ledger refuses a request for. */
  static async open(engine: Runtime['engine'], caller: Caller, estimate: Estimate): Promise<Meter> {
    const { requestId, orgId, userId, keyId, tokenRate } = caller
    try {
      await placeHold(orgId, { requestId, userId, keyId, ...estimate, ttlSeconds: HOLD_SECONDS }, tokenRate)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      // The hold stands: this process goes on with a generation that another one began.
      await extendHold(orgId, requestId, { ttlSeconds: HOLD_SECONDS })
    }
    return new Meter(engine, caller, estimate.tokens)
  }

  /**
   * Goes on with a hold that was placed before, perhaps by a process that died. `used`: what was used
   * until then; `attempt`: another number each time, so that the engine never sees a request twice.
   */
  static async resume(engine: Runtime['engine'], caller: Caller, used: CompletionUsage & { characters: number }, attempt: number): Promise<Meter> {
    const meter = new Meter(engine, caller, 0)
    meter.count(used.promptTokens, used.completionTokens)
    meter.characters = used.characters
    meter.calls = attempt * CALLS_OF_AN_ATTEMPT
    await meter.note()
    return meter
  }

  get usage(): CompletionUsage {
    return { promptTokens: this.promptTokens, completionTokens: this.completionTokens }
  }

  /**
   * One call of the engine. Counts the tokens that arrive, and the prompt with the first of them, or
   * when the call is aborted, since it may have been read by then. Throws what the engine refuses,
   * and AppError engine_unavailable where it gave the answer up half-way.
   */
  async *complete(request: EngineRequest, signal: AbortSignal): AsyncGenerator<WorkerCompletionEvent, void> {
    const requestId = this.calls === 0 ? this.caller.requestId : `${this.caller.requestId}-${this.calls}`
    this.calls++
    const delivered = (request.resume ?? []).reduce((sum, ids) => sum + ids.length, 0)
    let counted = false
    const countPrompt = (): void => {
      if (!counted) this.count(request.prompt.length, delivered)
      counted = true
    }
    try {
      for await (const event of this.engine.complete({ ...request, request_id: requestId, tenant: this.caller.orgId }, signal)) {
        countPrompt()
        for (const choice of event.choices) {
          this.completionTokens += choice.token_ids.length
          if (choice.finish_reason === 'cancelled' && !signal.aborted) throw new AppError('engine_unavailable', 'The model server gave the answer up half-way. Try again.')
        }
        yield event
      }
    } finally {
      if (signal.aborted) countPrompt()
    }
    signal.throwIfAborted()
  }

  /** Ends the account with its event; with none where it `failed` before anything was computed. */
  async close(failed: boolean): Promise<CompletionUsage> {
    clearInterval(this.keepAlive)
    const { orgId, requestId, tokenRate } = this.caller
    const used = { ...this.usage, characters: this.characters }
    const unused = tokenRate && { limit: tokenRate.limit, tokens: this.taken - used.promptTokens - used.completionTokens }
    if (failed && used.promptTokens + used.completionTokens + used.characters === 0) {
      await releaseHold(orgId, requestId, unused)
    } else {
      await settleHold(orgId, requestId, used, unused)
    }
    return this.usage
  }

  /** Gives the hold back without an event, whatever was computed: nobody gets anything of it. */
  async release(): Promise<void> {
    clearInterval(this.keepAlive)
    await releaseHold(this.caller.orgId, this.caller.requestId)
  }

  /** Leaves the account to another process. */
  abandon(): void {
    clearInterval(this.keepAlive)
  }

  /** Should this process die, the sweeper settles what was used so far. Throws what the database does. */
  async note(): Promise<void> {
    const soFar = { ...this.usage, characters: this.characters }
    await extendHold(this.caller.orgId, this.caller.requestId, { ttlSeconds: HOLD_SECONDS, soFar })
  }

  private count(promptTokens: number, delivered: number): void {
    this.promptTokens += promptTokens
    this.completionTokens += delivered
  }
}

/**
 * Streams what `work` yields under a hold, which is settled however the stream ends. `live`: it is
 * passed on as it comes, so the ledger notes it first, lest a process that is killed forgets it.
 */
export async function* metered<T>(
  engine: Runtime['engine'],
  caller: Caller,
  estimate: Estimate,
  work: (meter: Meter) => AsyncGenerator<T, void>,
  live: boolean,
): AsyncGenerator<T, CompletionUsage> {
  const meter = await Meter.open(engine, caller, estimate)
  let failed = true
  let usage: CompletionUsage
  try {
    yield* live ? notedStream(work(meter), () => meter.note()) : work(meter)
    failed = false
  } finally {
    usage = await meter.close(failed)
  }
  return usage
}

/** Does `work` under a hold, which is settled however it ends. */
export async function withMeter<T>(engine: Runtime['engine'], caller: Caller, estimate: Estimate, work: (meter: Meter) => Promise<T>): Promise<T> {
  const meter = await Meter.open(engine, caller, estimate)
  let failed = true
  try {
    const result = await work(meter)
    failed = false
    return result
  } finally {
    await meter.close(failed)
  }
}
