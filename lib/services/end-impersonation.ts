import { AppError } from '@/lib/contract/errors'
import { revokeSession, type SessionIdentity } from '@/lib/db/sessions'
import { recordByOperator } from './operator'
import type { RequestOrigin } from '@/lib/auth/open-session'

/** Ends a session in somebody's place. AppError conflict where it is none. */
export async function endImpersonation(session: SessionIdentity, origin: RequestOrigin): Promise<void> {
  if (session.impersonatedBy === null) throw new AppError('conflict', 'You act as yourself already.')
  await revokeSession(session.sessionId)
  await recordByOperator({ userId: session.impersonatedBy, ...origin }, session.orgId, 'impersonation.ended', session.email, { session: session.sessionId })
}
