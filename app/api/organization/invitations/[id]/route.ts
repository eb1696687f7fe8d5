import { actorOf, reportFailure } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { sessionRoute } from '@/lib/http/session-route'
import { inviteAgain, withdrawInvitation } from '@/lib/services/invite-member'
import { requirePermission } from '@/lib/services/require-permission'

/** Sends an open invitation again, with a new link; the one before ends. */
export const POST = sessionRoute(async ({ session, request, params, reply }) => {
  requirePermission(session.role, 'members:write')
  await limitAddress(request, 'invitations')
  return reply(await inviteAgain(actorOf({ session, request }), params['id'] ?? '', reportFailure('an invitation was not mailed')))
})

export const DELETE = sessionRoute(async ({ session, request, params, reply }) => {
  await withdrawInvitation(actorOf({ session, request }), params['id'] ?? '')
  return reply({ revoked: true })
})
