import { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionRequest } from '@/lib/contract/worker'
import { DecodeBatch } from './decode-batch'
import { Job } from './job'
import type { JobListener } from './job'
import type { LoadedModel, SequenceCache } from './language-model'
import type { ModelLease } from './model-pool'
import { PrefillBudget } from './prefill-budget'
import { prefillStep } from './prefill-step'
import type { ReadyRows } from './prefill-step'
import { checkRequest } from './request-check'
import { Scheduler } from './scheduler'
import type { SchedulerLimits, StepPlan } from './scheduler'

export interface EngineLimits extends SchedulerLimits {
  /** Requests that may wait for a slot; one more is answered overloaded. */
  maxWaiting: number
  /** How long reading prompts may hold up a step. */
  prefillMs: number
}

export interface EngineOptions<Cache extends SequenceCache<Cache>> {
  limits: EngineLimits
  acquire: (name: string) => Promise<ModelLease<Cache>>
  /** Milliseconds. */
  clock: () => number
  /** Called when a request has come that the next step can take up. */
  onWork: () => void
  /** Called with what went wrong in a step; its requests have been told. */
  onStepError: (error: unknown, model: string) => void
}

interface Runner<Cache extends SequenceCache<Cache>> {
  loaded: LoadedModel<Cache>
  batch: DecodeBatch<Cache>
  budget: PrefillBudget
}

/** What was done since the engine was made. */
export interface EngineCounts {
  readonly steps: number
  /** Tokens of prompts that were read. */
  readonly promptTokens: number
  readonly sampledTokens: number
}

interface Admission<Cache extends SequenceCache<Cache>> {
  lease: ModelLease<Cache>
  job: Job<Cache>
}

const WAITING_ROOM_IS_FULL = 'The worker has more requests than it can take. Try again shortly.'

/**
 * Takes requests, and answers them step by step. A step serves one model: one token for each of its
 * running sequences, whoever asked for them, and a chunk of the prompts that have come. Between two
 * steps nothing is half done, so requests come and go there.
 */
export class Engine<Cache extends SequenceCache<Cache>> {
  private readonly scheduler: Scheduler<Job<Cache>>
  private readonly runners = new Map<object, Runner<Cache>>()
  private readonly admissions = new Map<string, Admission<Cache>>()
  /** Requests whose model is being found or loaded. */
  private readonly arriving = new Map<string, JobListener>()
  /** What is known of a model's speed outlasts its requests. */
  private readonly budgets = new WeakMap<object, PrefillBudget>()
  private done: EngineCounts = { steps: 0, promptTokens: 0, sampledTokens: 0 }

  constructor(private readonly options: EngineOptions<Cache>) {
    this.scheduler = new Scheduler(options.limits)
  }

  get running(): number {
    return this.scheduler.runningCount
  }

  get waiting(): number {
    return this.scheduler.waitingCount + this.arriving.size
  }

  get counts(): EngineCounts {
    return this.done
  }

  /** Takes a request under an id of the caller's. What is wrong with it goes to the listener. */
  async submit(id: string, request: WorkerCompletionRequest, listener: JobListener): Promise<void> {
    if (this.waiting >= this.options.limits.maxWaiting) {
      listener.fail(new AppError('overloaded', WAITING_ROOM_IS_FULL, { retryAfter: this.retryAfter() }))
      return
    }
    this.arriving.set(id, listener)
    try {
      const lease = await this.options.acquire(request.model)
      if (this.arriving.has(id)) this.enter(id, lease, request, listener)
      else lease.release()
    } catch (error) {
      if (this.arriving.has(id)) listener.fail(error instanceof AppError ? error : new AppError('internal_error', 'The model could not be prepared.', { cause: error }))
    } finally {
      this.arriving.delete(id)
    }
  }

  /** The client has gone: nothing more is said, and what the request held is free for the next step. */
  cancel(id: string): void {
    this.arriving.delete(id)
    const admission = this.admissions.get(id)
    if (admission !== undefined) this.leave(id, admission)
  }

  /** Ends every request with what it has so far. */
  cancelAll(): void {
    for (const listener of this.arriving.values()) listener.fail(new AppError('model_unavailable', 'The worker is stopping.'))
    this.arriving.clear()
    for (const [id, admission] of this.admissions) {
      admission.job.cancelChoices()
      admission.job.flush()
      this.leave(id, admission)
      admission.job.listener.end()
    }
  }

  /** Schedule, run, tell. False where there was nothing to do. */
  step(): boolean {
    const plan = this.scheduler.plan((model) => this.runners.get(model)?.budget.tokens ?? 0)
    if (plan === null) return false
    const runner = this.runners.get(plan.model)
    if (runner === undefined) throw new Error('A model was scheduled that nobody runs.')
    try {
      this.run(runner, plan)
    } catch (error) {
      this.failStep(runner, error)
      return true
    }
    for (const [id, admission] of this.admissions) {
      if (admission.job.model !== plan.model) continue
      this.tell(id, admission)
    }
    return true
  }

  private enter(id: string, lease: ModelLease<Cache>, request: WorkerCompletionRequest, listener: JobListener): void {
    try {
      checkRequest(request, lease.loaded)
      const job = new Job(lease.loaded, request, listener)
      if (!this.scheduler.fits(job)) {
        throw new AppError('invalid_request', `${request.n} choices of ${job.reach} tokens are more than the worker has room for.`, { param: 'n' })
      }
      listener.accepted()
      if (job.finished) {
        job.flush()
        listener.end()
        lease.release()
        return
      }
      this.admissions.set(id, { lease, job })
      if (!this.runners.has(job.model)) this.runners.set(job.model, this.runnerOf(lease.loaded))
      this.scheduler.add(job)
      this.options.onWork()
    } catch (error) {
      lease.release()
      throw error
    }
  }

  private tell(id: string, admission: Admission<Cache>): void {
    const { job } = admission
    this.done = { ...this.done, sampledTokens: this.done.sampledTokens + job.takeSampled() }
    job.flush()
    if (!job.finished) return
    this.leave(id, admission)
    if (job.failure === null) job.listener.end()
    else job.listener.fail(job.failure)
  }

  private runnerOf(loaded: LoadedModel<Cache>): Runner<Cache> {
    const budget = this.budgets.get(loaded) ?? new PrefillBudget(this.options.limits.prefillMs)
    this.budgets.set(loaded, budget)
    return { loaded, batch: new DecodeBatch(loaded.model), budget }
  }

  private run(runner: Runner<Cache>, plan: StepPlan<Job<Cache>>): void {
    runner.batch.decode()
    const ready: ReadyRows<Cache>[] = []
    try {
      const started = this.options.clock()
      for (const { job, tokens } of plan.prefill) prefillStep(job, tokens, ready)
      const read = plan.prefill.reduce((sum, { tokens }) => sum + tokens, 0)
      runner.budget.observe(read, this.options.clock() - started)
      this.done = { ...this.done, steps: this.done.steps + 1, promptTokens: this.done.promptTokens + read }
      // Rows that ended go first, so that they are not copied into the larger batch.
      runner.batch.compact()
      runner.batch.add(ready)
    } catch (error) {
      for (const { cache } of ready) cache.dispose()
      throw error
    }
  }

  private leave(id: string, { job, lease }: Admission<Cache>): void {
    this.admissions.delete(id)
    this.scheduler.remove(job)
    job.dropPrefills()
    this.runners.get(job.model)?.batch.compact(job)
    if (![...this.admissions.values()].some((other) => other.job.model === job.model)) this.runners.delete(job.model)
    lease.release()
  }

  /** The batch's memory may be in any state, so every request that had a part in it ends. */
  private failStep(runner: Runner<Cache>, error: unknown): void {
    runner.batch.dispose()
    const taking = new Set(this.scheduler.activeOf(runner.loaded))
    for (const [id, admission] of this.admissions) {
      if (!taking.has(admission.job)) continue
      this.leave(id, admission)
      admission.job.listener.fail(new AppError('internal_error', 'The engine failed in this request; its log says why.', { cause: error }))
    }
    this.options.onStepError(error, runner.loaded.name)
  }

  /** A guess that grows with the queue: the slots turn over in seconds. */
  private retryAfter(): number {
    return Math.max(1, Math.ceil(this.waiting / this.options.limits.maxSequences))
  }
}
