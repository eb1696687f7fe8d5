import { updatePrivacyBody } from '@/lib/contract/privacy'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { changePrivacy } from '@/lib/services/change-privacy'
import { requirePermission } from '@/lib/services/require-permission'

export const PATCH = sessionRoute(async ({ session, request, json, reply }) => {
  requirePermission(session.role, 'privacy:write')
  return reply(await changePrivacy(actorOf({ session, request }), await json(updatePrivacyBody)))
})
