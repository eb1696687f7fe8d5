import { passwordResetBody } from '@/lib/contract/organizations'
import { originOf, reportFailure } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { mailPasswordReset } from '@/lib/services/reset-password'

const BODY_BYTES = 8 * 1024

/** The same answer after the same time, whether anybody has this address or not: what follows is not waited for. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    const { email } = parseEntered(passwordResetBody, parseJson(await readBody(request, BODY_BYTES)))
    await limitAddress(request, 'password-reset')
    void mailPasswordReset(email, originOf(request)).catch(reportFailure('a password reset was not mailed'))
    return Response.json({ requested: true }, { status: 202 })
  })
