import { clearedSessionCookie, ownSessionOfRequest, sessionCookie } from '@/lib/auth/impersonation-token'
import { sessionOfRequest } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { findSession } from '@/lib/db/sessions'
import { originOf } from '@/lib/http/actor'
import { answerRequest, type RouteHandler } from '@/lib/http/route-handling'
import { requireOwnOrigin } from '@/lib/http/session-route'
import { endImpersonation } from '@/lib/services/end-impersonation'

/**
 * Back from somebody's place to the operator's own session, also after the hour has ended. Where that
 * session has ended too, the browser is signed out.
 */
export const DELETE: RouteHandler = (request) =>
  answerRequest('browser', request, async () => {
    requireOwnOrigin(request)
    const [session, ownId] = await Promise.all([sessionOfRequest(request), ownSessionOfRequest(request)])
    if (session !== null) await endImpersonation(session, originOf(request))
    else if (ownId === null) throw new AppError('unauthenticated', 'You are signed out. Sign in again.')
    const own = ownId === null ? null : await findSession(ownId)
    const seconds = own === null ? 0 : Math.floor((own.expiresAt.getTime() - Date.now()) / 1000)
    const response = Response.json({ signedIn: own !== null }, { headers: { 'cache-control': 'no-store' } })
    response.headers.append('set-cookie', own === null ? clearedSessionCookie() : await sessionCookie(own.sessionId, seconds))
    return response
  })
