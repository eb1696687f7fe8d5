import type { RequestOrigin } from '@/lib/auth/open-session'
import type { Session } from '@/lib/auth/session'
import type { Actor } from '@/lib/services/actor'
import { clientAddress } from './client-address'
import { serverContext } from './server-context'

/** Where a request came from, for the audit log. */
export function originOf(request: Request): RequestOrigin {
  return { ip: clientAddress(request), userAgent: request.headers.get('user-agent') }
}

export function actorOf({ session, request }: { session: Session; request: Request }): Actor {
  return { ...session, origin: originOf(request) }
}

/** For what goes on after its answer, or fails beside it. */
export function reportFailure(what: string): (error: unknown) => void {
  return (error) => serverContext().logger.warn({ err: error }, what)
}
