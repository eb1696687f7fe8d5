import { DIALOGUE_STOPS, plainDialogue, type DialogueMessage } from '@/lib/domain/plain-dialogue'
import { encodeChat } from '@/lib/tokenizer/chat-template'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'

export interface ChatPrompt {
  ids: number[]
  /** Texts that end the answer. */
  stop: readonly string[]
  /** Whether the answer begins with white space that is no part of it. */
  trimStart: boolean
}

/**
 * A conversation as the checkpoint's own chat template puts it, or as a plain-text dialogue where it
 * has none. No message can write a special token. Throws AppError invalid_request on `messages`
 * where the template refuses them.
 */
export function chatPrompt(tokenizer: TextTokenizer, messages: readonly DialogueMessage[]): ChatPrompt {
  const template = tokenizer.chatTemplate
  if (template === null) return { ids: tokenizer.encode(plainDialogue(messages), { special: false }), stop: DIALOGUE_STOPS, trimStart: true }
  return { ids: encodeChat(tokenizer, template, messages, { addGenerationPrompt: true }), stop: [], trimStart: false }
}

/**
 * The same with the oldest turns left out, so that the prompt has at most `limit` tokens; what the
 * system says is kept as long as it fits beside the last message, which is always kept.
 */
export function chatPromptWithin(tokenizer: TextTokenizer, messages: readonly DialogueMessage[], limit: number): ChatPrompt {
  const system = messages.filter(({ role }) => role === 'system')
  const turns = messages.filter(({ role }) => role !== 'system')
  // A conversation that is cut begins with what a user says: templates expect it.
  const starts = turns.flatMap(({ role }, index) => (index === 0 || role === 'user' ? [index] : []))
  for (const start of starts) {
    const prompt = chatPrompt(tokenizer, [...system, ...turns.slice(start)])
    if (prompt.ids.length <= limit) return prompt
  }
  return chatPrompt(tokenizer, turns.slice(starts.at(-1) ?? 0))
}
