import { inviteBody } from '@/lib/contract/organizations'
import { actorOf, reportFailure } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { sessionRoute } from '@/lib/http/session-route'
import { inviteMember } from '@/lib/services/invite-member'
import { requirePermission } from '@/lib/services/require-permission'

/** Invites somebody. This answer, beside the mail, is the only place where the link is ever shown. */
export const POST = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'members:write')
  const invited = await json(inviteBody)
  await limitAddress(request, 'invitations')
  return reply(await inviteMember(actorOf({ session, request }), invited, reportFailure('an invitation was not mailed')), 201)
})
