import { generationContext } from '@/app/_server/generation-context'
import { regenerateBody } from '@/lib/contract/browser'
import { sessionRoute } from '@/lib/http/session-route'
import { readConversation } from '@/lib/services/read-conversation'
import { regenerateAnswer } from '@/lib/services/regenerate-answer'
import { requirePermission } from '@/lib/services/require-permission'

/** Answers the last question anew; answers with the conversation, in which the answer is under way. */
export const POST = sessionRoute(async ({ session, caller, params, json, reply }) => {
  requirePermission(session.role, 'use')
  const body = await json(regenerateBody)
  const conversationId = params['id'] ?? ''
  await regenerateAnswer(generationContext(), { ...caller, userId: session.userId }, { ...body, conversationId })
  return reply(await readConversation(session.orgId, session.userId, conversationId), 201)
})
