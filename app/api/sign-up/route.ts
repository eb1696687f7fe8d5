import { signUpPerson } from '@/lib/auth/accounts'
import { signUpBody } from '@/lib/contract/browser'
import { originOf, reportFailure } from '@/lib/http/actor'
import { limitAddress } from '@/lib/http/rate-limit'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { requireFeature } from '@/lib/services/require-feature'
import { mailVerification } from '@/lib/services/verify-email'

const BODY_BYTES = 8 * 1024

/** Makes a person with an organisation of their own; the page then signs them in. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    await limitAddress(request, 'sign-up')
    await requireFeature('sign_up')
    const { organization, ...person } = parseEntered(signUpBody, parseJson(await readBody(request, BODY_BYTES)))
    const { userId } = await signUpPerson({ ...person, orgName: organization }, originOf(request))
    // A page that waits for a mail server would tell nothing more.
    void mailVerification({ userId, ...person }).catch(reportFailure('a verification was not mailed'))
    return Response.json({ created: true }, { status: 201 })
  })
