import { currentSession } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { acceptInvitationBody } from '@/lib/contract/organizations'
import { actorOf, originOf } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { acceptAsNew, acceptSignedIn, acceptWithPassword } from '@/lib/services/accept-invitation'
import { switchOrganization } from '@/lib/services/change-organization'

const BODY_BYTES = 8 * 1024

/** Uses an invitation's link: as whoever is signed in, with an account's password, or as somebody new. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    const body = parseEntered(acceptInvitationBody, parseJson(await readBody(request, BODY_BYTES)))
    const origin = originOf(request)
    if (!('password' in body) && !('newPassword' in body)) {
      const session = await currentSession()
      if (session === null) throw new AppError('unauthenticated', 'You are signed out. Sign in again.')
      const { orgId, email } = await acceptSignedIn(body.token, session, origin)
      // An organisation with a sign-on of its own is entered through that.
      const switched = await switchOrganization(actorOf({ session, request }), orgId).then(() => true, refused)
      return Response.json({ orgId, email, switched })
    }
    await limitAddress(request, 'invitations')
    const { orgId, email } = 'password' in body ? await acceptWithPassword(body.token, body.password, origin) : await acceptAsNew(body.token, body, origin)
    return Response.json({ orgId, email, switched: false })
  })

function refused(error: unknown): false {
  if (error instanceof AppError && error.code === 'not_found') return false
  throw error
}
