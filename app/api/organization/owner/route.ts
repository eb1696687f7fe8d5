import { ownershipBody } from '@/lib/contract/organizations'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { handOverOwnership } from '@/lib/services/hand-over-ownership'
import { requirePermission } from '@/lib/services/require-permission'

/** Makes a member an owner, in the actor's place or beside. */
export const POST = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'members:transfer')
  await handOverOwnership(actorOf({ session, request }), await json(ownershipBody))
  return reply({ changed: true })
})
