import { AppError } from '@/lib/contract/errors'
import type { TokenLogprob, WorkerCompletionEvent, WorkerCompletionRequest } from '@/lib/contract/worker'
import type { LoadedModel, SequenceCache } from './language-model'
import type { Schedulable } from './scheduler'
import { Sequence } from './sequence'
import type { ChoiceDelta, SequenceSettings } from './sequence'

/** Where the answer to a request goes. Exactly one of `end` and `fail` is called, last, unless the client has gone. */
export interface JobListener {
  /** The model is there and the request stands in its queue. */
  accepted(): void
  event(event: WorkerCompletionEvent): void
  end(): void
  fail(error: AppError): void
}

/** Tokens to be read into one cache row before the choices that begin with them can go on. */
export interface Prefill<Cache> {
  readonly ids: readonly number[]
  readonly sequences: readonly Sequence[]
  /** Whether the prompt's log-probabilities are taken from it. */
  readonly reportsPrompt: boolean
  done: number
  cache: Cache | null
}

/** With the logits of every position, [T · V], a longer chunk would be too much memory. */
const REPORTING_CHUNK = 64

function samplingSettings(request: WorkerCompletionRequest): SequenceSettings['sampling'] {
  return {
    temperature: request.temperature,
    topK: request.top_k,
    topP: request.top_p,
    minP: request.min_p,
    repetitionPenalty: request.repetition_penalty,
    presencePenalty: request.presence_penalty,
    frequencyPenalty: request.frequency_penalty,
    logitBias: new Map(Object.entries(request.logit_bias).map(([id, bias]) => [Number(id), bias])),
    seed: request.seed,
  }
}

/** One request in the engine: its choices, and what must be read before they can run. */
export class Job<Cache extends SequenceCache<Cache>> implements Schedulable {
  readonly sequences: readonly Sequence[]
  readonly prefills: Prefill<Cache>[]
  readonly reach: number
  readonly promptLogprobs: TokenLogprob[] = []
  failure: AppError | null = null
  private readonly pendingDeltas: ChoiceDelta[] = []
  private promptReported: boolean
  private sampled = 0

  constructor(
    readonly loaded: LoadedModel<Cache>,
    readonly request: WorkerCompletionRequest,
    readonly listener: JobListener,
  ) {
    const { model, tokenizer, endTokenIds } = loaded
    const { prompt, n, resume = [] } = request
    const settings: SequenceSettings = {
      sampling: samplingSettings(request),
      maxTokens: request.max_tokens,
      positions: model.positions,
      stops: request.stop,
      endTokenIds: new Set([...endTokenIds, ...request.stop_token_ids]),
      logprobs: request.logprobs,
      tokenizer,
    }
    this.sequences = Array.from({ length: n }, (_, index) => new Sequence(index, prompt, settings, resume[index]))
    this.reach = Math.min(prompt.length + request.max_tokens, model.positions)
    this.promptReported = !request.prompt_logprobs
    this.pendingDeltas = this.sequences.map((sequence) => sequence.startFinished()).filter((delta) => delta !== null)
    this.prefills = this.planPrefills()
  }

  get model(): object {
    return this.loaded
  }

  get rows(): number {
    return Math.max(1, this.sequences.filter((sequence) => !sequence.finished).length)
  }

  get cacheBytesPerToken(): number {
    return this.loaded.model.cacheBytesPerToken
  }

  get pendingTokens(): number {
    return this.prefills.reduce((sum, prefill) => sum + prefill.ids.length - prefill.done, 0)
  }

  get chunkLimit(): number {
    return this.promptReported ? Infinity : REPORTING_CHUNK
  }

  get finished(): boolean {
    return this.failure !== null || (this.prefills.length === 0 && this.sequences.every((sequence) => sequence.finished))
  }

  /**
   * Samples the next token of one of its choices. A request whose settings leave no token to sample
   * fails alone, whatever else is in the batch.
   */
  advance(sequence: Sequence, logits: Float32Array): void {
    try {
      this.pendingDeltas.push(sequence.accept(logits))
      this.sampled++
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.failure = error
      for (const other of this.sequences) other.cancel()
    }
  }

  /** One event for all that was said since the last; the prompt's report comes before any choice. */
  flush(): void {
    const reading = this.prefills.some((prefill) => prefill.reportsPrompt)
    if (reading || (this.pendingDeltas.length === 0 && this.promptReported)) return
    const choices = this.pendingDeltas.splice(0)
    this.listener.event(this.promptReported ? { choices } : { choices, prompt_logprobs: this.promptLogprobs })
    this.promptReported = true
  }

  /** How many tokens were sampled since the last time that this was asked. */
  takeSampled(): number {
    const { sampled } = this
    this.sampled = 0
    return sampled
  }

  cancelChoices(): void {
    for (const sequence of this.sequences) if (!sequence.finished) this.pendingDeltas.push(sequence.cancel())
    this.dropPrefills()
  }

  dropPrefills(): void {
    for (const prefill of this.prefills.splice(0)) prefill.cache?.dispose()
  }

  /**
   * The choices that begin with the bare prompt share its reading; a resumed one has tokens of its
   * own behind it. The prompt's report hangs on the first reading.
   */
  private planPrefills(): Prefill<Cache>[] {
    const { prompt } = this.request
    const running = this.sequences.filter((sequence) => !sequence.finished)
    const groups = [
      { ids: prompt, sequences: running.filter((sequence) => sequence.generated.length === 0) },
      ...running.filter((sequence) => sequence.generated.length > 0).map((sequence) => ({ ids: [...prompt, ...sequence.generated], sequences: [sequence] })),
    ].filter((group) => group.sequences.length > 0)
    if (groups.length === 0 && !this.promptReported) groups.push({ ids: prompt, sequences: [] })
    return groups.map((group, index) => ({ ...group, reportsPrompt: index === 0 && !this.promptReported, done: 0, cache: null }))
  }
}
