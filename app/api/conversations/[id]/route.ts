import { renameConversationBody } from '@/lib/contract/browser'
import { AppError } from '@/lib/contract/errors'
import { deleteConversation, renameConversation } from '@/lib/db/conversations'
import { sessionRoute } from '@/lib/http/session-route'
import { readConversation } from '@/lib/services/read-conversation'
import { requirePermission } from '@/lib/services/require-permission'

const missing = (): AppError => new AppError('not_found', 'There is no such conversation.')

export const GET = sessionRoute(async ({ session, params, reply }) => {
  requirePermission(session.role, 'use')
  const conversation = await readConversation(session.orgId, session.userId, params['id'] ?? '')
  if (conversation === null) throw missing()
  return reply(conversation)
})

export const PATCH = sessionRoute(async ({ session, params, json, reply }) => {
  requirePermission(session.role, 'use')
  const { title } = await json(renameConversationBody)
  if (!(await renameConversation(session.orgId, session.userId, params['id'] ?? '', title))) throw missing()
  return reply({ title })
})

export const DELETE = sessionRoute(async ({ session, params, reply }) => {
  requirePermission(session.role, 'use')
  if (!(await deleteConversation(session.orgId, session.userId, params['id'] ?? ''))) throw missing()
  return reply({ deleted: true })
})
