import { ISSUER_PREFIX } from '@/lib/auth/foreign-providers'
import { AppError } from '@/lib/contract/errors'
import { ssoLookupBody } from '@/lib/contract/sign-in'
import { findIdentityProvider } from '@/lib/db/identity-providers'
import { limitAddress } from '@/lib/http/rate-limit'
import { parseEntered, parseJson, readBody } from '@/lib/http/request-body'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'

const BODY_BYTES = 8 * 1024

/** Which organisation's single sign-on an address belongs to, by its domain alone: it tells of no account. */
export const POST: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    await limitAddress(request, 'sign-in')
    const { email } = parseEntered(ssoLookupBody, parseJson(await readBody(request, BODY_BYTES)))
    const domain = email.slice(email.lastIndexOf('@') + 1)
    const found = await findIdentityProvider({ domain })
    if (found === null) throw new AppError('not_found', `No organisation signs in with ${domain} here. Ask your admin for the link, or use your password.`, { param: 'email' })
    return Response.json({ provider: `${ISSUER_PREFIX}${found.id}` }, { headers: { 'cache-control': 'no-store' } })
  })
