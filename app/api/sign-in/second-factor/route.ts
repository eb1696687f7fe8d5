import { dueSessionOfRequest } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { codeBody } from '@/lib/contract/sign-in'
import { originOf } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { finishSignIn } from '@/lib/services/second-factor'

const BODY_BYTES = 8 * 1024

/** The second step of a sign-in through a provider, whose session waits for it. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    await limitAddress(request, 'sign-in')
    const { code } = parseEntered(codeBody, parseJson(await readBody(request, BODY_BYTES)))
    const due = await dueSessionOfRequest(request)
    if (due === null) throw new AppError('not_found', 'This sign-in has taken too long. Begin again.')
    await finishSignIn(due, code, originOf(request))
    return Response.json({ signedIn: true }, { headers: { 'cache-control': 'no-store' } })
  })
