import type { WorkerCompletionEvent } from '@/lib/contract/worker'
import { StreamingDetokenizer } from '@/lib/tokenizer/streaming-detokenizer'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { logprobsOf, sample } from '@/workers/model/sampling'
import type { SamplingParams } from '@/workers/model/sampling'
import { StopChecker } from './stop-checker'

export type ChoiceDelta = WorkerCompletionEvent['choices'][number]
export type FinishReason = NonNullable<ChoiceDelta['finish_reason']>

export interface SequenceSettings {
  sampling: SamplingParams
  /** Tokens to generate, those of a resumption included. */
  maxTokens: number
  /** Tokens of prompt and answer that fit the model. */
  positions: number
  stops: readonly string[]
  endTokenIds: ReadonlySet<number>
  /** Alternatives reported beside each token; null reports none at all. */
  logprobs: number | null
  tokenizer: TextTokenizer | null
}

/** One choice of one request: what it was asked, what it has said, and when it ends. */
export class Sequence {
  readonly generated: number[] = []
  private reason: FinishReason | null = null
  private readonly detokenizer: StreamingDetokenizer | null
  private readonly stopChecker: StopChecker

  /** `resumed` counts as generated and delivered: text and stop sequences go on from it. */
  constructor(
    readonly index: number,
    private readonly prompt: readonly number[],
    private readonly settings: SequenceSettings,
    resumed: readonly number[] = [],
  ) {
    this.detokenizer = settings.tokenizer === null ? null : new StreamingDetokenizer(settings.tokenizer, { skipSpecial: true })
    this.stopChecker = new StopChecker(settings.stops)
    for (const id of resumed) {
      this.generated.push(id)
      if (this.stopChecker.push(this.textOf(id)).stopped) {
        this.reason = 'stop'
        return
      }
    }
  }

  get finished(): boolean {
    return this.reason !== null
  }

  /** The token that the model has not read yet. */
  get lastToken(): number {
    const last = this.generated.at(-1)
    if (last === undefined) throw new Error('A sequence that has generated nothing cannot be decoded.')
    return last
  }

  /** What is to be said where nothing is left to generate; null where there is. */
  startFinished(): ChoiceDelta | null {
    if (this.reason !== null) return this.delta([], '', null)
    return this.full ? this.finish('length', [], '', null) : null
  }

  /** Samples the next token from the logits [V] after the last one. */
  accept(logits: Float32Array): ChoiceDelta {
    const { sampling, endTokenIds, logprobs } = this.settings
    const history = { prompt: this.prompt, generated: this.generated }
    const id = sample(logits, sampling, history, { choice: this.index, position: this.generated.length })
    if (endTokenIds.has(id)) return this.finish('stop', [], '', logprobs === null ? null : [])
    const reported = logprobs === null ? null : [{ id, ...logprobsOf(logits, id, logprobs) }]
    this.generated.push(id)
    const { text, stopped } = this.stopChecker.push(this.textOf(id))
    if (stopped) {
      this.reason = 'stop'
      return this.delta([id], text, reported)
    }
    return this.full ? this.finish('length', [id], text, reported) : this.delta([id], text, reported)
  }

  cancel(): ChoiceDelta {
    this.reason = 'cancelled'
    return this.delta([], '', null)
  }

  private get full(): boolean {
    return this.generated.length >= this.settings.maxTokens || this.prompt.length + this.generated.length >= this.settings.positions
  }

  private textOf(id: number): string {
    return this.detokenizer?.push(id) ?? ''
  }

  /** Ends with the text that was held back, in which the last character's rest may still complete a stop sequence. */
  private finish(reason: FinishReason, ids: number[], text: string, logprobs: ChoiceDelta['logprobs']): ChoiceDelta {
    const rest = this.stopChecker.push(this.detokenizer?.flush() ?? '')
    this.reason = rest.stopped ? 'stop' : reason
    return this.delta(ids, text + rest.text + this.stopChecker.flush(), logprobs)
  }

  private delta(ids: number[], text: string, logprobs: ChoiceDelta['logprobs']): ChoiceDelta {
    return { index: this.index, token_ids: ids, text, logprobs, finish_reason: this.reason }
  }
}
