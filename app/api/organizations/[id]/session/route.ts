import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { switchOrganization } from '@/lib/services/change-organization'

/** The session goes on in this organisation of the person's. */
export const POST = sessionRoute(async ({ session, request, params, reply }) => {
  await switchOrganization(actorOf({ session, request }), params['id'] ?? '')
  return reply({ switched: true })
})
