import { generationContext } from '@/app/_server/generation-context'
import { sendMessageBody } from '@/lib/contract/browser'
import { sessionRoute } from '@/lib/http/session-route'
import { readConversation } from '@/lib/services/read-conversation'
import { requirePermission } from '@/lib/services/require-permission'
import { sendMessage } from '@/lib/services/send-message'

/** Adds a message; answers with the conversation, in which the answer is under way. */
export const POST = sessionRoute(async ({ session, caller, params, json, reply }) => {
  requirePermission(session.role, 'use')
  const body = await json(sendMessageBody)
  const conversationId = params['id'] ?? ''
  await sendMessage(generationContext(), { ...caller, userId: session.userId }, { ...body, conversationId })
  return reply(await readConversation(session.orgId, session.userId, conversationId), 201)
})
