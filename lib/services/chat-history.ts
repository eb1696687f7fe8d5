import type { Message } from '@/lib/db/conversations'
import type { DialogueMessage } from '@/lib/domain/plain-dialogue'

/**
 * What the model is shown before a new question: the answered ones. A question whose answer failed, or was
 * stopped before its first word, is left out, since templates expect the roles to alternate.
 */
export function answeredTurns(messages: readonly Pick<Message, 'role' | 'content'>[]): DialogueMessage[] {
  const turns: DialogueMessage[] = []
  messages.forEach((message, index) => {
    if (message.role === 'system') turns.push({ role: message.role, content: message.content })
    if (message.role !== 'user') return
    const answer = messages[index + 1]
    if (answer?.role !== 'assistant' || answer.content.trim() === '') return
    turns.push({ role: 'user', content: message.content }, { role: 'assistant', content: answer.content })
  })
  return turns
}

const TITLE_CHARACTERS = 60

/** A conversation's first title: the first line of its first message, cut at a word where it is long. */
export function titleFrom(message: string): string {
  const line = message.trim().split('\n', 1)[0]?.replaceAll(/\s+/g, ' ') ?? ''
  const characters = Array.from(line)
  if (characters.length <= TITLE_CHARACTERS) return line
  const cut = characters.slice(0, TITLE_CHARACTERS).join('')
  const lastSpace = cut.lastIndexOf(' ')
  return `${lastSpace > TITLE_CHARACTERS / 2 ? cut.slice(0, lastSpace) : cut}…`
}
