import { changeMemberBody } from '@/lib/contract/organizations'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { changeMemberQuota, changeRole, endMembership } from '@/lib/services/manage-members'
import { requirePermission } from '@/lib/services/require-permission'

export const PATCH = sessionRoute(async ({ session, request, params, json, reply }) => {
  requirePermission(session.role, 'members:write')
  const { role, tokenQuota } = await json(changeMemberBody)
  const actor = actorOf({ session, request })
  const id = params['id'] ?? ''
  if (role !== undefined) await changeRole(actor, id, role)
  if (tokenQuota !== undefined) await changeMemberQuota(actor, id, tokenQuota)
  return reply({ changed: true })
})

/** Removes a member, or, under the own id, leaves. */
export const DELETE = sessionRoute(async ({ session, request, params, reply }) => {
  await endMembership(actorOf({ session, request }), params['id'] ?? '')
  return reply({ removed: true })
})
