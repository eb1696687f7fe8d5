import { reviewFlagBody } from '@/lib/contract/privacy'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { reviewFlag } from '@/lib/services/change-privacy'
import { requirePermission } from '@/lib/services/require-permission'

/** Marks a flag as looked at, or as open again. */
export const PATCH = sessionRoute(async ({ session, request, params, json, reply }) => {
  requirePermission(session.role, 'privacy:write')
  const { reviewed } = await json(reviewFlagBody)
  await reviewFlag(actorOf({ session, request }), params['id'] ?? '', reviewed)
  return reply({ reviewed })
})
