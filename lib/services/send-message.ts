import { AppError } from '@/lib/contract/errors'
import { createConversation, deleteConversation, getConversation } from '@/lib/db/conversations'

import { titleFrom } from './chat-history'
import type { Caller } from './caller'
import type { GenerationContext } from './run-generation'
import { startAnswer } from './start-answer'
import { findTextModel } from './text-model'

type Sender = Caller & { userId: string }

/** Opens a conversation with its first message, whose answer is then under way. */
export async function openConversation(
  context: GenerationContext,
  sender: Sender,
  { content, model }: { content: string; model?: string | undefined },
): Promise<{ conversationId: string }> {
  const textModel = await findTextModel(context.runtime, context.registry, model)
  const conversation = await createConversation(sender.orgId, sender.userId, { title: titleFrom(content), model: textModel.checkpoint.name })
  try {
    await startAnswer(context, sender, textModel, { conversationId: conversation.id, before: [], content, stored: false })
  } catch (error) {
    await deleteConversation(sender.orgId, sender.userId, conversation.id)
    throw error
  }
  return { conversationId: conversation.id }
}

/** Adds a message to a conversation, whose answer is then under way. AppError conflict while another answer is. */
export async function sendMessage(
  context: GenerationContext,
  sender: Sender,
  { conversationId, content, model }: { conversationId: string; content: string; model?: string | undefined },
): Promise<void> {
  const conversation = await getConversation(sender.orgId, sender.userId, conversationId)
  if (conversation === null) throw new AppError('not_found', 'There is no such conversation.')
  const textModel = await findTextModel(context.runtime, context.registry, model ?? conversation.model)
  await startAnswer(context, sender, textModel, { conversationId, before: conversation.messages, content, stored: false })
}
