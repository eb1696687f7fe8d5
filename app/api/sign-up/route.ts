import { signUpPerson } from '@/lib/auth/accounts'
import { signUpBody } from '@/lib/contract/browser'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { requireFeature } from '@/lib/services/require-feature'

const BODY_BYTES = 8 * 1024

/** Makes a person with an organisation of their own; the page then signs them in. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    await requireFeature('sign_up')
    const { organization, ...person } = parseEntered(signUpBody, parseJson(await readBody(request, BODY_BYTES)))
    await signUpPerson({ ...person, orgName: organization })
    return Response.json({ created: true }, { status: 201 })
  })
