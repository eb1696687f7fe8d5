import { updateOrganizationBody } from '@/lib/contract/browser'
import { renameOrganization } from '@/lib/db/organizations'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'

export const PATCH = sessionRoute(async ({ session, json, reply }) => {
  requirePermission(session.role, 'organization:write')
  const { name } = await json(updateOrganizationBody)
  await renameOrganization(session.orgId, name)
  return reply({ name })
})
