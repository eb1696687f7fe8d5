import { newPasswordBody } from '@/lib/contract/organizations'
import { originOf } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { resetPassword } from '@/lib/services/reset-password'

const BODY_BYTES = 8 * 1024

/** Sets the password that a mailed link lets choose. Every session of that person ends. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    const { token, newPassword } = parseEntered(newPasswordBody, parseJson(await readBody(request, BODY_BYTES)))
    await limitAddress(request, 'password-reset')
    await resetPassword(token, newPassword, originOf(request))
    return Response.json({ reset: true })
  })
