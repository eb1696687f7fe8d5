import { updateOrganizationBody } from '@/lib/contract/browser'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { renameOrganization } from '@/lib/services/change-organization'
import { requirePermission } from '@/lib/services/require-permission'

export const PATCH = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'organization:write')
  const { name } = await json(updateOrganizationBody)
  await renameOrganization(actorOf({ session, request }), name)
  return reply({ name })
})
