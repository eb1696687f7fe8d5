import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import type { CompletionChoice, CompletionChunk, CompletionResponse, LegacyLogprobs, UsageBlock } from '@/lib/contract/openai'
import { flatMapped } from '@/lib/services/async-generators'
import type { CompletionUsage } from '@/lib/services/meter'

interface Head {
  id: string
  object: 'text_completion'
  created: number
  model: string
  system_fingerprint: string
}

export function completionHead(requestId: string, checkpoint: Checkpoint): Head {
  return { id: `cmpl-${requestId.replaceAll('-', '')}`, object: 'text_completion', created: unixSeconds(), model: checkpoint.name, system_fingerprint: fingerprint(checkpoint) }
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** Changes when the model's files do, so that equal seeds may then give other answers. */
export function fingerprint(checkpoint: Checkpoint): string {
  return `fp_${checkpoint.fingerprint.replaceAll(/[^0-9a-z]/giu, '').slice(0, 12)}`
}

export function usageBlock({ promptTokens, completionTokens }: CompletionUsage): UsageBlock {
  return { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens }
}

/** The whole answer of `/v1/completions` from the news of its `count` choices. */
export async function completionBody(head: Head, news: AsyncGenerator<CompletionChoice, CompletionUsage>, count: number): Promise<CompletionResponse> {
  const choices = Array.from({ length: count }, (_, index) => emptyChoice(index))
  let result = await news.next()
  for (; result.done !== true; result = await news.next()) {
    const choice = choices[result.value.index]
    if (choice !== undefined) append(choice, result.value)
  }
  return { ...head, choices, usage: usageBlock(result.value) }
}

/** The same as the chunks of a stream. With `includeUsage` a last one without choices says what was used. */
export async function* completionChunks(
  head: Head,
  news: AsyncGenerator<CompletionChoice, CompletionUsage>,
  includeUsage: boolean,
): AsyncGenerator<CompletionChunk, void> {
  const noUsage = includeUsage ? { usage: null } : {}
  const usage = yield* flatMapped(news, (choice) => [{ ...head, choices: [choice], ...noUsage }])
  if (includeUsage) yield { ...head, choices: [], usage: usageBlock(usage) }
}

type FinishedChoice = CompletionResponse['choices'][number]

function emptyChoice(index: number): FinishedChoice {
  return { index, text: '', token_ids: [], logprobs: null, finish_reason: 'stop' }
}

function append(choice: FinishedChoice, news: CompletionChoice): void {
  choice.text += news.text
  choice.token_ids.push(...news.token_ids)
  choice.finish_reason = news.finish_reason ?? choice.finish_reason
  if (news.logprobs !== null) choice.logprobs = joined(choice.logprobs, news.logprobs)
}

function joined(before: LegacyLogprobs | null, after: LegacyLogprobs): LegacyLogprobs {
  if (before === null) return after
  return {
    tokens: [...before.tokens, ...after.tokens],
    token_logprobs: [...before.token_logprobs, ...after.token_logprobs],
    top_logprobs: [...before.top_logprobs, ...after.top_logprobs],
    text_offset: [...before.text_offset, ...after.text_offset],
  }
}
