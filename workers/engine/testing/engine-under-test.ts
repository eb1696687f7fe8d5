import type { AppError } from '@/lib/contract/errors'
import { workerCompletionRequest } from '@/lib/contract/worker'
import type { TokenLogprob, WorkerCompletionEvent, WorkerCompletionInput } from '@/lib/contract/worker'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { Engine } from '../engine'
import type { EngineLimits } from '../engine'
import type { JobListener } from '../job'
import { TinyLanguageModel } from './tiny-language-model'
import type { TinyCache } from './tiny-language-model'

/** What a client has heard. */
export class Answer implements JobListener {
  readonly events: WorkerCompletionEvent[] = []
  isAccepted = false
  ended = 0
  failure: AppError | null = null

  accepted(): void {
    this.isAccepted = true
  }

  event(event: WorkerCompletionEvent): void {
    this.events.push(event)
  }

  end(): void {
    this.ended++
  }

  fail(error: AppError): void {
    this.failure = error
  }

  ids(index = 0): number[] {
    return this.deltas(index).flatMap((delta) => delta.token_ids)
  }

  text(index = 0): string {
    return this.deltas(index).map((delta) => delta.text).join('')
  }

  logprobs(index = 0): TokenLogprob[] {
    return this.deltas(index).flatMap((delta) => delta.logprobs ?? [])
  }

  finishReasons(index = 0): string[] {
    return this.deltas(index).flatMap((delta) => delta.finish_reason ?? [])
  }

  deltas(index: number): WorkerCompletionEvent['choices'] {
    return this.events.flatMap((event) => event.choices.filter((choice) => choice.index === index))
  }
}

const LIMITS: EngineLimits = { maxSequences: 16, cacheBytes: 2 ** 20, maxWaiting: 64, prefillMs: 80 }

interface TestedEngineOptions {
  tokenizer?: TextTokenizer | null
  limits?: Partial<EngineLimits>
  endTokenIds?: number[]
  clock?: () => number
}

/** An engine over tiny models, with a clock that stands still unless told otherwise. */
export class EngineUnderTest {
  readonly models = new Map<string, TinyLanguageModel>([
    ['tiny', new TinyLanguageModel()],
    ['other', new TinyLanguageModel()],
  ])
  readonly stepErrors: unknown[] = []
  leases = 0
  readonly engine: Engine<TinyCache>
  private readonly loaded = new Map<string, { name: string; model: TinyLanguageModel; tokenizer: TextTokenizer | null; endTokenIds: number[] }>()
  private submissions = 0

  constructor({ tokenizer = null, limits = {}, endTokenIds = [], clock = () => 0 }: TestedEngineOptions = {}) {
    for (const [name, model] of this.models) this.loaded.set(name, { name, model, tokenizer, endTokenIds })
    this.engine = new Engine<TinyCache>({
      limits: { ...LIMITS, ...limits },
      acquire: (name) => {
        const loaded = this.loaded.get(name)
        if (loaded === undefined) return Promise.reject(new Error(`no model ${name}`))
        this.leases++
        const release = (): void => {
          this.leases--
        }
        return Promise.resolve({ loaded, release })
      },
      clock,
      onWork: () => undefined,
      onStepError: (error) => this.stepErrors.push(error),
    })
  }

  get tiny(): TinyLanguageModel {
    const model = this.models.get('tiny')
    if (model === undefined) throw new Error('no tiny model')
    return model
  }

  async submit(input: Partial<WorkerCompletionInput>): Promise<{ id: string; answer: Answer }> {
    const id = String(++this.submissions)
    const answer = new Answer()
    const request = workerCompletionRequest.parse({ request_id: id, model: 'tiny', prompt: [1, 2, 3], max_tokens: 8, ...input })
    await this.engine.submit(id, request, answer)
    return { id, answer }
  }

  /** Steps until nothing is left to do. */
  run(): void {
    while (this.engine.step()) continue
  }

  async complete(input: Partial<WorkerCompletionInput>): Promise<Answer> {
    const { answer } = await this.submit(input)
    this.run()
    return answer
  }

  get liveCaches(): number {
    return [...this.models.values()].reduce((sum, model) => sum + model.liveCaches, 0)
  }
}
