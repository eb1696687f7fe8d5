import { randomInt } from 'node:crypto'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { AppError } from '@/lib/contract/errors'
import type { Feature } from '@/lib/contract/feature'
import type { ModerationPolicy } from '@/lib/contract/privacy'
import { remainingQuota } from '@/lib/db/ledger'
import { readModerationPolicy } from '@/lib/db/privacy-settings'
import { PLANS, type Plan } from '@/lib/domain/plans'
import { outputBudget } from '@/lib/domain/quota'
import type { Caller } from './caller'
import { moderateOutput, type ModeratedEvent } from './moderation'
import { metered, type CompletionUsage, type EngineRequest } from './meter'
import type { Runtime } from './runtime'

export interface Sampling {
  temperature?: number
  topP?: number
  /** 0 keeps every token. */
  topK?: number
  minP?: number
  repetitionPenalty?: number
  presencePenalty?: number
  frequencyPenalty?: number
  /** By token id; -100 forbids the token. */
  logitBias?: Record<string, number>
}

export interface MeteredRequest {
  checkpoint: Checkpoint
  feature: Feature
  prompt: readonly number[]
  /** null: the most that context, plan and quota leave. */
  maxTokens: number | null
  n?: number
  sampling?: Sampling
  stop?: readonly string[]
  /** Beside the checkpoint's own end-of-text. */
  stopTokenIds?: readonly number[]
  /** Alternatives reported beside each token; null reports none. */
  logprobs?: number | null
  promptLogprobs?: boolean
  /** null draws one. */
  seed?: number | null
  /** By choice: tokens delivered before, by another process. */
  resume?: number[][]
  /** The request's field that the prompt came from, for errors. */
  param?: 'messages' | 'prompt'
  /** Whether its events are passed on to the client as they come. */
  live?: boolean
  /** What applies to the answer; looked up where it is left out. */
  moderation?: ModerationPolicy
}

/**
 * The engine's request with its token limits settled. Throws AppError invalid_request where ids are
 * outside the vocabulary or the plan allows fewer choices, shorter prompts or shorter answers, context_length_exceeded where the prompt
 * leaves no room. `share` is what the quota leaves for each choice; null is unlimited.
 */
export function engineRequest(request: MeteredRequest, plan: Plan, share: number | null): EngineRequest & { n: number } {
  const { checkpoint, prompt, maxTokens, n = 1, sampling = {}, logprobs = null, seed = null, param = 'prompt' } = request
  const { positions, vocabSize } = checkpoint.config
  const { maxChoices, outputTokens, promptTokens } = PLANS[plan]
  if (n > maxChoices) throw new AppError('invalid_request', `The ${plan} plan allows ${maxChoices} choices, not ${n}.`, { param: 'n' })
  const outside = prompt.find((id) => id >= vocabSize)
  if (outside !== undefined) {
    throw new AppError('invalid_request', `Token id ${outside} is outside the vocabulary of ${checkpoint.name}, which ends at ${vocabSize - 1}.`, { param })
  }
  const biased = Object.keys(sampling.logitBias ?? {}).find((id) => Number(id) >= vocabSize)
  if (biased !== undefined) {
    throw new AppError('invalid_request', `Token id ${biased} is outside the vocabulary of ${checkpoint.name}.`, { param: 'logit_bias' })
  }
  if (prompt.length > positions || (prompt.length === positions && maxTokens !== 0)) {
    const message = `${checkpoint.name} has a context of ${positions} tokens, prompt and answer together; the prompt alone has ${prompt.length}.`
    throw new AppError('context_length_exceeded', message, { param })
  }
  if (prompt.length > promptTokens) {
    throw new AppError('invalid_request', `The ${plan} plan allows prompts of ${promptTokens} tokens; this one has ${prompt.length}.`, { param })
  }
  // What the model's context does not hold anyway is asked for too often to be refused.
  if (maxTokens !== null && Math.min(maxTokens, positions - prompt.length) > outputTokens) {
    throw new AppError('invalid_request', `The ${plan} plan allows answers of ${outputTokens} tokens, not ${maxTokens}.`, { param: 'max_tokens' })
  }
  const remainingTokens = share === null ? null : prompt.length + n * share
  const budget = outputBudget({ requested: maxTokens, promptTokens: prompt.length, positions, outputTokens, choices: n, remainingTokens })
  return {
    model: checkpoint.name,
    prompt: [...prompt],
    n,
    // Where the quota leaves nothing, the hold for one token says so.
    max_tokens: maxTokens === null ? Math.max(1, budget) : budget,
    temperature: sampling.temperature ?? 1,
    top_p: sampling.topP ?? 1,
    top_k: sampling.topK ?? 0,
    min_p: sampling.minP ?? 0,
    repetition_penalty: sampling.repetitionPenalty ?? 1,
    presence_penalty: sampling.presencePenalty ?? 0,
    frequency_penalty: sampling.frequencyPenalty ?? 0,
    logit_bias: sampling.logitBias ?? {},
    seed: seed ?? randomInt(2 ** 31),
    stop: [...(request.stop ?? [])],
    stop_token_ids: [...(request.stopTokenIds ?? [])],
    logprobs,
    prompt_logprobs: request.promptLogprobs ?? false,
    ...(request.resume === undefined ? {} : { resume: request.resume }),
  }
}

/** What quotas and budget leave each of a request's choices, after all of its prompts; null is unlimited, or of no matter. */
export async function quotaShare(caller: Caller, requests: readonly MeteredRequest[]): Promise<number | null> {
  const [first] = requests
  if (first === undefined || requests.every(({ maxTokens }) => maxTokens !== null)) return null
  const promptTokens = requests.reduce((sum, { prompt }) => sum + prompt.length, 0)
  const { userId, keyId } = caller
  const { tokens } = await remainingQuota(caller.orgId, { userId, keyId, sold: { model: first.checkpoint.name, feature: first.feature, promptTokens } })
  if (tokens === null) return null
  const choices = requests.reduce((sum, { n = 1 }) => sum + n, 0)
  return Math.max(0, Math.floor((tokens - promptTokens) / choices))
}

/** The most tokens that a call can use, its prompt counted once. */
export function tokensOf(request: EngineRequest & { n: number }): number {
  return request.prompt.length + request.n * request.max_tokens
}

/**
 * The one way to the engine for a completion that is billed: holds what it can cost at the most,
 * streams, and settles what it did cost, also when it is aborted or fails. One usage event.
 */
export async function* meteredCompletion(
  runtime: Runtime,
  caller: Caller,
  request: MeteredRequest,
  signal: AbortSignal,
): AsyncGenerator<ModeratedEvent, CompletionUsage> {
  const engine = engineRequest(request, caller.plan, await quotaShare(caller, [request]))
  const estimate = { model: request.checkpoint.name, feature: request.feature, tokens: tokensOf(engine), promptTokens: engine.prompt.length, characters: 0 }
  const policy = request.moderation ?? (await readModerationPolicy(caller.orgId))
  return yield* metered(runtime.engine, caller, estimate, (meter) => moderateOutput(caller, policy, meter.complete(engine, signal), engine.n), request.live ?? false)
}
