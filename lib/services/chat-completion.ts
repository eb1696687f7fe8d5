import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { AppError } from '@/lib/contract/errors'
import type { ChatRequest, ChatTokenLogprob, FinishReason } from '@/lib/contract/openai'
import type { TokenLogprob } from '@/lib/contract/worker'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { flatMapped } from './async-generators'
import type { Caller } from './caller'
import { chatPrompt } from './chat-prompt'
import { jsonLogprob, publicFinishReason } from './completion-events'
import type { CompletionUsage } from './meter'
import { moderateInput } from './moderation'
import { meteredCompletion } from './metered-completion'
import { requireFeature } from './require-feature'
import type { Runtime } from './runtime'

/** The news of one choice. */
export interface ChatDelta {
  index: number
  content: string
  /** null: none were asked for. */
  logprobs: ChatTokenLogprob[] | null
  finishReason: FinishReason | null
}

/** The tokens that the model's card names as an answer's end, beside its end-of-text. */
export function chatStopTokenIds(checkpoint: Checkpoint, tokenizer: TextTokenizer): number[] {
  return (checkpoint.card?.chat?.stop_tokens ?? []).map((token) => tokenizer.idOf(token)).filter((id) => id !== undefined)
}

/** Answers one `/v1/chat/completions` request. One usage event. */
export async function* chatCompletion(
  runtime: Runtime,
  caller: Caller,
  checkpoint: Checkpoint,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatDelta, CompletionUsage> {
  await requireFeature('chat')
  const tokenizer = await runtime.tokenizers.of(checkpoint)
  if (tokenizer === null) {
    throw new AppError('invalid_request', `${checkpoint.name} has no tokenizer, so it cannot chat; /v1/completions takes token ids.`, { param: 'model' })
  }
  const { policy } = await moderateInput(caller, request.messages.map(({ content }) => content), 'messages')
  const prompt = chatPrompt(tokenizer, request.messages)
  const events = meteredCompletion(
    runtime,
    caller,
    {
      checkpoint,
      feature: 'chat',
      prompt: prompt.ids,
      maxTokens: request.max_completion_tokens ?? request.max_tokens,
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
      stop: [...request.stop, ...prompt.stop],
      stopTokenIds: chatStopTokenIds(checkpoint, tokenizer),
      logprobs: request.logprobs ? (request.top_logprobs ?? 0) : null,
      param: 'messages',
      live: request.stream,
      moderation: policy,
    },
    signal,
  )
  const begun = new Set<number>()
  return yield* flatMapped(events, (event) =>
    event.choices.map(({ index, text, logprobs, finish_reason }): ChatDelta => {
      const content = prompt.trimStart && !begun.has(index) ? text.trimStart() : text
      if (content !== '') begun.add(index)
      const tokens = request.logprobs ? (logprobs ?? []).map((token) => chatLogprob(tokenizer, token)) : null
      return { index, content, logprobs: tokens, finishReason: publicFinishReason(finish_reason) }
    }),
  )
}

function chatLogprob(tokenizer: TextTokenizer, { id, logprob, top }: TokenLogprob): ChatTokenLogprob {
  const named = (tokenId: number, value: number | null) => ({
    token: tokenizer.tokenText(tokenId),
    logprob: jsonLogprob(value ?? 0),
    bytes: [...tokenizer.tokenBytes(tokenId)],
  })
  return { ...named(id, logprob), top_logprobs: top.map((alternative) => named(alternative.id, alternative.logprob)) }
}
