import { impersonationBody } from '@/lib/contract/admin'
import { impersonationCookie } from '@/lib/auth/impersonation-token'
import { operatorRoute } from '@/lib/http/operator-route'
import { IMPERSONATION_SECONDS, startImpersonation } from '@/lib/services/start-impersonation'

/** Goes on in the place of a tenant's member; the operator's own session waits meanwhile. */
export const POST = operatorRoute(async ({ operator, session, json, reply }) => {
  const sessionId = await startImpersonation(operator, await json(impersonationBody))
  const response = reply({ started: true }, 201)
  response.headers.append('set-cookie', await impersonationCookie(sessionId, session.sessionId, IMPERSONATION_SECONDS))
  return response
})
