import { eraseOrganizationBody } from '@/lib/contract/privacy'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { eraseOwnOrganization } from '@/lib/services/erase-organization'
import { requirePermission } from '@/lib/services/require-permission'

/** Answers with the receipt; the session is gone with the organisation. */
export const POST = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'organization:erase')
  const { number, digest, body } = await eraseOwnOrganization(actorOf({ session, request }), await json(eraseOrganizationBody))
  return reply({ receipt: number, digest, tables: body.tables })
})
