import { newOrganizationBody } from '@/lib/contract/organizations'
import { actorOf } from '@/lib/http/actor'
import { sessionRoute } from '@/lib/http/session-route'
import { createOrganization } from '@/lib/services/change-organization'

/** One more organisation, in which the session goes on. */
export const POST = sessionRoute(async ({ session, request, json, reply }) => {
  const { name } = await json(newOrganizationBody)
  return reply(await createOrganization(actorOf({ session, request }), name), 201)
})
