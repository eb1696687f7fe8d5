import type { WorkerCompletionEvent, WorkerCompletionInput } from '@/lib/contract/worker'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'

import type { Runtime } from '../runtime'

/**
 * Says a given text, token by token, and waits where a test tells it to, so that what happens in mid-answer can be
 * looked at for as long as it takes. Goes on after `resume` as a worker does.
 */
export class ScriptedEngine implements Pick<Runtime['engine'], 'complete'> {
  readonly requests: WorkerCompletionInput[] = []
  readonly tokenIds: readonly number[]
  /** How many tokens are said before it waits for `goOn`. */
  pauseAfter = Number.POSITIVE_INFINITY
  /** Thrown in place of the first token. */
  failure: Error | null = null
  private proceed: () => void = () => undefined

  constructor(
    private readonly tokenizer: TextTokenizer,
    readonly text: string,
  ) {
    this.tokenIds = tokenizer.encode(text, { special: false })
  }

  /** The text of its first so many tokens. */
  firstTokens(count: number): string {
    return this.tokenizer.decode(this.tokenIds.slice(0, count))
  }

  goOn(): void {
    this.pauseAfter = Number.POSITIVE_INFINITY
    this.proceed()
  }

  async *complete(request: WorkerCompletionInput, signal: AbortSignal): AsyncGenerator<WorkerCompletionEvent> {
    this.requests.push(request)
    if (this.failure !== null) throw this.failure
    const said = request.resume?.[0]?.length ?? 0
    for (const [index, id] of [...this.tokenIds.entries()].slice(said)) {
      if (index >= this.pauseAfter) await this.pause(signal)
      signal.throwIfAborted()
      const finish = index === this.tokenIds.length - 1 ? 'stop' : null
      yield { choices: [{ index: 0, token_ids: [id], text: this.tokenizer.decode([id]), logprobs: null, finish_reason: finish }] }
    }
  }

  private async pause(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.proceed = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
}
