import { generationContext } from '@/app/_server/generation-context'
import { sendMessageBody } from '@/lib/contract/browser'
import { sessionRoute } from '@/lib/http/session-route'
import { openConversation } from '@/lib/services/send-message'
import { requirePermission } from '@/lib/services/require-permission'

/** Opens a conversation with its first message. */
export const POST = sessionRoute(async ({ session, caller, json, reply }) => {
  requirePermission(session.role, 'use')
  const body = await json(sendMessageBody)
  const { conversationId } = await openConversation(generationContext(), { ...caller, userId: session.userId }, body)
  return reply({ id: conversationId }, 201)
})
