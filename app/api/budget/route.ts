import { budgetBody } from '@/lib/contract/billing'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { changeBudget } from '@/lib/services/change-budget'
import { requirePermission } from '@/lib/services/require-permission'

export const PUT = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'budget:write')
  const budget = await json(budgetBody)
  await changeBudget(actorOf({ session, request }), budget)
  return reply(budget)
})
