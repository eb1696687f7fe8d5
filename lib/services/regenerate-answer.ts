import { AppError } from '@/lib/contract/errors'
import { getConversation, removeMessagesFrom } from '@/lib/db/conversations'

import type { Caller } from './caller'
import type { GenerationContext } from './run-generation'
import { startAnswer } from './start-answer'
import { findTextModel } from './text-model'

/** Answers a conversation's last question anew, in place of the answer that it has. */
export async function regenerateAnswer(
  context: GenerationContext,
  caller: Caller & { userId: string },
  { conversationId, model }: { conversationId: string; model?: string | undefined },
): Promise<void> {
  const conversation = await getConversation(caller.orgId, caller.userId, conversationId)
  if (conversation === null) throw new AppError('not_found', 'There is no such conversation.')
  const { messages } = conversation
  const question = messages.findLast(({ role }) => role === 'user')
  if (question === undefined) throw new AppError('invalid_request', 'There is no question to answer in this conversation.')
  const answers = messages.slice(messages.indexOf(question) + 1)
  if (answers.some(({ generation }) => generation?.status === 'running')) throw new AppError('conflict', 'The last answer is still being written.')
  const textModel = await findTextModel(context.runtime, context.registry, model ?? conversation.model)
  const [answer] = answers
  if (answer !== undefined) await removeMessagesFrom(caller.orgId, caller.userId, conversationId, answer.position)
  const before = messages.slice(0, messages.indexOf(question))
  await startAnswer(context, caller, textModel, { conversationId, before, content: question.content, stored: true })
}
