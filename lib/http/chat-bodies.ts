import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import type { ChatChunk, ChatResponse } from '@/lib/contract/openai'
import { flatMapped } from '@/lib/services/async-generators'
import type { ChatDelta } from '@/lib/services/chat-completion'
import type { CompletionUsage } from '@/lib/services/meter'
import { fingerprint, unixSeconds, usageBlock } from './completion-bodies'

interface Head {
  id: string
  created: number
  model: string
  system_fingerprint: string
}

export function chatHead(requestId: string, checkpoint: Checkpoint): Head {
  return { id: `chatcmpl-${requestId.replaceAll('-', '')}`, created: unixSeconds(), model: checkpoint.name, system_fingerprint: fingerprint(checkpoint) }
}

/** The whole answer of `/v1/chat/completions` from the news of its `count` choices. */
export async function chatBody(head: Head, news: AsyncGenerator<ChatDelta, CompletionUsage>, count: number): Promise<ChatResponse> {
  const choices: ChatResponse['choices'] = Array.from({ length: count }, (_, index) => ({
    index,
    message: { role: 'assistant', content: '', refusal: null },
    logprobs: null,
    finish_reason: 'stop',
  }))
  let result = await news.next()
  for (; result.done !== true; result = await news.next()) {
    const { index, content, logprobs, finishReason } = result.value
    const choice = choices[index]
    if (choice === undefined) continue
    choice.message.content += content
    choice.finish_reason = finishReason ?? choice.finish_reason
    if (logprobs !== null) choice.logprobs = { content: [...(choice.logprobs?.content ?? []), ...logprobs], refusal: null }
  }
  return { ...head, object: 'chat.completion', choices, usage: usageBlock(result.value) }
}

/**
 * The same as the chunks of a stream: for each choice one that names the role, its text as it comes,
 * and one with the reason why it ended. With `includeUsage` a last one without choices says what was used.
 */
export async function* chatChunks(
  head: Head,
  news: AsyncGenerator<ChatDelta, CompletionUsage>,
  count: number,
  includeUsage: boolean,
): AsyncGenerator<ChatChunk, void> {
  type Choice = ChatChunk['choices'][number]
  const chunk = (...choices: Choice[]): ChatChunk => ({ ...head, object: 'chat.completion.chunk', choices, ...(includeUsage ? { usage: null } : {}) })
  let opened = false
  const opening = Array.from({ length: count }, (_, index): ChatChunk =>
    chunk({ index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }),
  )
  const usage = yield* flatMapped(news, ({ index, content, logprobs, finishReason }) => {
    const chunks = opened ? [] : opening
    opened = true
    if (content === '' && (logprobs?.length ?? 0) === 0) return [...chunks, ...end(index, finishReason)]
    const named = logprobs === null ? null : { content: logprobs, refusal: null }
    return [...chunks, chunk({ index, delta: { content }, logprobs: named, finish_reason: null }), ...end(index, finishReason)]
  })
  if (includeUsage) yield { ...head, object: 'chat.completion.chunk', choices: [], usage: usageBlock(usage) }

  function end(index: number, finishReason: Choice['finish_reason']): ChatChunk[] {
    return finishReason === null ? [] : [chunk({ index, delta: {}, logprobs: null, finish_reason: finishReason })]
  }
}
