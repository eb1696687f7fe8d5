import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { AppError } from '@/lib/contract/errors'
import type { CompletionChoice, CompletionRequest } from '@/lib/contract/openai'
import type { TokenLogprob } from '@/lib/contract/worker'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import type { Caller } from './caller'
import { publicFinishReason } from './completion-events'
import { merged } from './async-generators'
import { LegacyLogprobsWriter } from './legacy-logprobs'
import { moderateInput, moderateOutput, type ModeratedEvent } from './moderation'
import { metered, type CompletionUsage, type Meter } from './meter'
import { engineRequest, quotaShare, tokensOf, type MeteredRequest } from './metered-completion'
import type { Runtime } from './runtime'

/** Prompts of one request that are computed at a time. */
const CONCURRENT_PROMPTS = 16

/**
 * Completes the prompts of one `/v1/completions` request, `n` choices each; what is yielded is the
 * news of one choice. Choice `n·i + j` is the j-th of the i-th prompt. One usage event.
 */
export async function* textCompletion(
  runtime: Runtime,
  caller: Caller,
  checkpoint: Checkpoint,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<CompletionChoice, CompletionUsage> {
  const tokenizer = await runtime.tokenizers.of(checkpoint)
  if (tokenizer === null && request.stop.length > 0) {
    throw new AppError('invalid_request', `${checkpoint.name} has no tokenizer, so it cannot look for texts.`, { param: 'stop' })
  }
  const requests = request.prompt.map((prompt) => asMetered(checkpoint, tokenizer, request, promptIds(checkpoint, tokenizer, prompt)))
  const share = await quotaShare(caller, requests)
  const calls = requests.map((one) => engineRequest(one, caller.plan, share))
  if (calls.length * request.n > 2048) throw new AppError('invalid_request', 'A request may have 2048 choices over all prompts.', { param: 'n' })
  const { policy } = await moderateInput(caller, promptTexts(tokenizer, request), 'prompt')
  const estimate = {
    model: checkpoint.name,
    feature: 'completion' as const,
    tokens: calls.reduce((sum, call) => sum + tokensOf(call), 0),
    promptTokens: calls.reduce((sum, call) => sum + call.prompt.length, 0),
    characters: 0,
  }
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const sources = (meter: Meter) =>
    calls.map((call, index) => () => {
      const echo = request.echo ? echoText(tokenizer, request.prompt[index], call.prompt) : null
      return choicesOf(moderateOutput(caller, policy, meter.complete(call, either), request.n), { tokenizer, n: request.n, first: index * request.n, echo, logprobs: request.logprobs })
    })
  return yield* metered(runtime.engine, caller, estimate, (meter) => merged(sources(meter), CONCURRENT_PROMPTS, () => stop.abort()), request.stream)
}

function asMetered(checkpoint: Checkpoint, tokenizer: TextTokenizer | null, request: CompletionRequest, prompt: number[]): MeteredRequest {
  return {
    checkpoint,
    feature: 'completion',
    prompt,
    maxTokens: request.max_tokens,
    n: request.n,
    sampling: {
      temperature: request.temperature,
      topP: request.top_p,
      topK: request.top_k,
      presencePenalty: request.presence_penalty,
      frequencyPenalty: request.frequency_penalty,
      logitBias: request.logit_bias,
    },
    seed: request.seed,
    stop: tokenizer === null ? [] : request.stop,
    logprobs: request.logprobs,
    promptLogprobs: request.echo && request.logprobs !== null,
    param: 'prompt',
  }
}

/** What moderation reads; token ids that no tokenizer turns into text it cannot. */
function promptTexts(tokenizer: TextTokenizer | null, request: CompletionRequest): string[] {
  return request.prompt.map((prompt) => echoText(tokenizer, prompt, typeof prompt === 'string' ? [] : prompt))
}

/** An empty text is where every text begins. */
function promptIds(checkpoint: Checkpoint, tokenizer: TextTokenizer | null, prompt: string | number[]): number[] {
  if (typeof prompt !== 'string') return prompt
  if (tokenizer === null) {
    throw new AppError('invalid_request', `${checkpoint.name} has no tokenizer: give the prompt as token ids.`, { param: 'prompt' })
  }
  const ids = tokenizer.encode(prompt)
  const begin = checkpoint.bosTokenId ?? checkpoint.eosTokenIds[0]
  if (ids.length > 0) return ids
  if (begin === undefined) throw new AppError('invalid_request', 'The prompt is empty, and the model has no token to begin with.', { param: 'prompt' })
  return [begin]
}

function echoText(tokenizer: TextTokenizer | null, prompt: string | number[] | undefined, ids: readonly number[]): string {
  return typeof prompt === 'string' ? prompt : (tokenizer?.decode(ids) ?? '')
}

interface ChoiceSettings {
  tokenizer: TextTokenizer | null
  n: number
  /** The index of the first of the choices. */
  first: number
  /** What comes before each choice's text, where the prompt is to be echoed. */
  echo: string | null
  logprobs: number | null
}

async function* choicesOf(events: AsyncGenerator<ModeratedEvent, void>, settings: ChoiceSettings): AsyncGenerator<CompletionChoice, void> {
  const { tokenizer, n, first, echo, logprobs } = settings
  const writers = Array.from({ length: n }, () => new LegacyLogprobsWriter(tokenizer))
  const write = (choice: number, tokens: readonly TokenLogprob[] | null | undefined, of: 'prompt' | 'answer') =>
    logprobs === null ? null : (writers[choice]?.write(tokens ?? [], of) ?? null)
  let echoed = echo === null
  for await (const event of events) {
    if (!echoed) {
      echoed = true
      for (let choice = 0; choice < n; choice++) {
        yield { index: first + choice, text: echo ?? '', token_ids: [], logprobs: write(choice, event.prompt_logprobs, 'prompt'), finish_reason: null }
      }
    }
    for (const { index, text, token_ids, logprobs: tokens, finish_reason } of event.choices) {
      yield { index: first + index, text, token_ids, logprobs: write(index, tokens, 'answer'), finish_reason: publicFinishReason(finish_reason) }
    }
  }
}
