import { AppError } from '@/lib/contract/errors'
import { recordPersonAudit } from '@/lib/db/audit'
import { listSessions, revokeSession, revokeSessionsOf, type SessionSummary } from '@/lib/db/sessions'
import { describeDevice } from '@/lib/domain/device-name'
import type { Actor } from './actor'

/**
 * The sessions that one session may see and end: the person's own. One through an organisation's
 * issuer sees those through that issuer alone; one in somebody's place sees none.
 */
export async function visibleSessions({ userId, identityProviderId, impersonatedBy }: Pick<Actor, 'userId' | 'identityProviderId' | 'impersonatedBy'>): Promise<SessionSummary[]> {
  return impersonatedBy === null ? listSessions(userId, identityProviderId ?? undefined) : []
}

/** AppError `not_found` for any that is not visible. */
export async function endSession(actor: Actor, sessionId: string): Promise<void> {
  const found = (await visibleSessions(actor)).find(({ id }) => id === sessionId)
  if (found === undefined) throw new AppError('not_found', 'There is no such session.')
  await revokeSession(found.id)
  await recordPersonAudit(actor.userId, { action: 'session.revoked', target: describeDevice(found.userAgent), ...actor.origin })
}

/** Signs out everywhere else; returns how many sessions that were. */
export async function endOtherSessions(actor: Actor): Promise<number> {
  const { userId, sessionId, impersonatedBy, identityProviderId, origin } = actor
  if (impersonatedBy !== null) throw new AppError('insufficient_permissions', 'You act in somebody’s place. Their sessions are theirs to end.')
  const ended = await revokeSessionsOf(userId, { except: sessionId, through: identityProviderId ?? undefined })
  if (ended > 0) await recordPersonAudit(userId, { action: 'session.revoked', target: 'everywhere else', details: { sessions: ended }, ...origin })
  return ended
}
