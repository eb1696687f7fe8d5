import { AppError } from '@/lib/contract/errors'
import type { Role } from '@/lib/domain/permissions'
import type { Plan } from '@/lib/domain/plans'
import { appClient } from './client'
import { databaseError, FOREIGN_KEY_VIOLATION } from './database-error'
import { storableText } from './storable-text'
import { withUser } from './tenant'
import { isUuid } from './uuid'

/** A live session with whom and what it acts for, as it stands now. */
export interface SessionIdentity {
  sessionId: string
  userId: string
  email: string
  name: string
  isOperator: boolean
  orgId: string
  orgName: string
  plan: Plan
  role: Role
  orgSuspendedAt: Date | null
  expiresAt: Date
}

interface IdentityRow {
  session_id: string
  user_id: string
  email: string
  name: string
  is_operator: boolean
  org_id: string
  org_name: string
  plan: Plan
  role: Role
  org_suspended_at: Date | null
  expires_at: Date
}

/** Opens a session in one of the person's organisations. AppError `not_found` where the person is no member of it. */
export async function createSession(
  userId: string,
  session: { orgId: string; userAgent: string | null; ttlSeconds: number },
): Promise<string> {
  const { orgId, userAgent, ttlSeconds } = session
  try {
    const row = await withUser(userId, (tx) =>
      tx.session.create({
        data: {
          userId,
          orgId,
          userAgent: userAgent === null ? null : storableText(userAgent).slice(0, 400),
          expiresAt: new Date(Date.now() + ttlSeconds * 1000),
        },
        select: { id: true },
      }),
    )
    return row.id
  } catch (cause) {
    if (databaseError(cause)?.sqlState === FOREIGN_KEY_VIOLATION) {
      throw new AppError('not_found', 'There is no such organisation.', { cause })
    }
    throw cause
  }
}

/** Null where it is unknown, revoked or expired, or the membership has ended. */
export async function findSession(sessionId: string): Promise<SessionIdentity | null> {
  if (!isUuid(sessionId)) return null
  const rows = await appClient().$queryRaw<IdentityRow[]>`SELECT * FROM find_session(${sessionId}::uuid)`
  const row = rows[0]
  if (row === undefined) return null
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    email: row.email,
    name: row.name,
    isOperator: row.is_operator,
    orgId: row.org_id,
    orgName: row.org_name,
    plan: row.plan,
    role: row.role,
    orgSuspendedAt: row.org_suspended_at,
    expiresAt: row.expires_at,
  }
}

/** Harmless where it is unknown or revoked before. */
export async function revokeSession(sessionId: string): Promise<void> {
  if (isUuid(sessionId)) await appClient().$queryRaw`SELECT revoke_session(${sessionId}::uuid)::text`
}

export interface SessionSummary {
  id: string
  userAgent: string | null
  createdAt: Date
  expiresAt: Date
}

/** The person's live sessions, latest first. */
export async function listSessions(userId: string): Promise<SessionSummary[]> {
  return withUser(userId, (tx) =>
    tx.session.findMany({
      where: { userId, revokedAt: null, expiresAt: { gt: new Date() } },
      select: { id: true, userAgent: true, createdAt: true, expiresAt: true },
      orderBy: { createdAt: 'desc' },
    }),
  )
}

/** Ends all of the person's sessions, but for the one named; returns how many. */
export async function revokeSessionsOf(userId: string, exceptId?: string): Promise<number> {
  const { count } = await withUser(userId, (tx) =>
    tx.session.updateMany({
      where: { userId, revokedAt: null, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) },
      data: { revokedAt: new Date() },
    }),
  )
  return count
}
