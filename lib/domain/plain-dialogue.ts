/** A conversation as plain text, for a checkpoint without a chat template of its own. */
export interface DialogueMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** What ends an answer: the model going on with the other side's turn. */
export const DIALOGUE_STOPS: readonly string[] = ['\nUser:']

const SPEAKERS = { user: 'User', assistant: 'Assistant' } as const

/** `User: …` and `Assistant: …` by turns, what the system says before them as a paragraph, and the opened answer. */
export function plainDialogue(messages: readonly DialogueMessage[]): string {
  const said = messages.map(({ role, content }) => (role === 'system' ? `${content.trim()}\n` : `${SPEAKERS[role]}: ${content.trim()}`))
  return [...said, 'Assistant:'].join('\n')
}
