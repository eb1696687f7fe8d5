/** What the scheduler has to know of a request. */
export interface Schedulable {
  /** Requests of the same model share a batch. */
  readonly model: object
  /** Sequences of it that hold, or will hold, a slot; falls as its choices end. */
  readonly rows: number
  /** Tokens of its longest sequence at the end. */
  readonly reach: number
  readonly cacheBytesPerToken: number
  /** Tokens that the model has still to read before it generates. */
  readonly pendingTokens: number
  /** The most of them in one step. */
  readonly chunkLimit: number
}

export interface SchedulerLimits {
  /** Sequences decoded together, over all models. */
  maxSequences: number
  /** Of keys and values, over all models. */
  cacheBytes: number
}

export interface StepPlan<J> {
  model: object
  /** Prompts to read on, and how far. */
  prefill: { job: J; tokens: number }[]
}

/** A batch's rows are padded to its longest, so that is what each of them costs. */
function cacheBytes(jobs: Iterable<Schedulable>): number {
  const batches = new Map<object, { rows: number; reach: number; bytesPerToken: number }>()
  for (const job of jobs) {
    const batch = batches.get(job.model) ?? { rows: 0, reach: 0, bytesPerToken: job.cacheBytesPerToken }
    batches.set(job.model, { ...batch, rows: batch.rows + job.rows, reach: Math.max(batch.reach, job.reach) })
  }
  return [...batches.values()].reduce((sum, batch) => sum + batch.rows * batch.reach * batch.bytesPerToken, 0)
}

/**
 * Decides who runs. Requests are admitted in the order of their coming, as soon as slots and cache
 * memory for their whole length are free; admitted prompts are read in that order too, in chunks
 * of what a step can bear, while all running sequences go on; models take turns, a step each.
 */
export class Scheduler<J extends Schedulable> {
  private readonly waiting: J[] = []
  private readonly active = new Set<J>()
  /** Models with active requests; the one that has waited longest for its step comes first. */
  private turns: object[] = []

  constructor(private readonly limits: SchedulerLimits) {}

  get waitingCount(): number {
    return this.waiting.length
  }

  /** Sequences of the requests that were admitted. */
  get runningCount(): number {
    return [...this.active].reduce((sum, job) => sum + job.rows, 0)
  }

  /** Whether the request could run if nothing else did. */
  fits(job: J): boolean {
    return job.rows <= this.limits.maxSequences && cacheBytes([job]) <= this.limits.cacheBytes
  }

  add(job: J): void {
    this.waiting.push(job)
  }

  /** Frees whatever the request holds: its place in the queue, or its slots. */
  remove(job: J): void {
    const place = this.waiting.indexOf(job)
    if (place >= 0) this.waiting.splice(place, 1)
    this.active.delete(job)
  }

  activeOf(model: object): J[] {
    return [...this.active].filter((job) => job.model === model)
  }

  /** The next step; null while there is nothing to do. `budget` is how many prompt tokens a step of the model can bear. */
  plan(budget: (model: object) => number): StepPlan<J> | null {
    this.admit()
    const model = this.nextModel()
    if (model === null) return null
    const prefill: StepPlan<J>['prefill'] = []
    let left = budget(model)
    for (const job of this.activeOf(model)) {
      const tokens = Math.min(left, job.pendingTokens, job.chunkLimit)
      if (tokens > 0) prefill.push({ job, tokens })
      left -= tokens
    }
    return { model, prefill }
  }

  private admit(): void {
    let next = this.waiting[0]
    while (next !== undefined && this.hasRoomFor(next)) {
      this.waiting.shift()
      this.active.add(next)
      if (!this.turns.includes(next.model)) this.turns.push(next.model)
      next = this.waiting[0]
    }
  }

  private hasRoomFor(job: J): boolean {
    if (this.active.size === 0) return true
    return this.runningCount + job.rows <= this.limits.maxSequences && cacheBytes([...this.active, job]) <= this.limits.cacheBytes
  }

  private nextModel(): object | null {
    const busy = new Set([...this.active].map((job) => job.model))
    this.turns = this.turns.filter((model) => busy.has(model))
    const model = this.turns.shift()
    if (model === undefined) return null
    this.turns.push(model)
    return model
  }
}
