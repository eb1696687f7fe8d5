import { AppError } from '@/lib/contract/errors'
import type { Role } from '@/lib/domain/permissions'
import type { Plan } from '@/lib/domain/plans'
import { appClient } from './client'
import { databaseError, FOREIGN_KEY_VIOLATION } from './database-error'
import { storableText } from './storable-text'
import { withUser } from './tenant'
import { isUuid } from './uuid'

/** How a session was opened. */
export type SignInMethod = 'password' | 'github' | 'google' | 'sso' | 'impersonation'

/** A live session with whom and what it acts for, as it stands now. */
export interface SessionIdentity {
  sessionId: string
  userId: string
  email: string
  name: string
  /** False in a session through an organisation's issuer and in one in another's place, whoever the person is. */
  isOperator: boolean
  orgId: string
  orgName: string
  plan: Plan
  role: Role
  orgSuspendedAt: Date | null
  expiresAt: Date
  /** Whether a code of the person's second factor was given in this session. */
  secondFactor: boolean
  /** The operator who acts in the person's place. */
  impersonatedBy: string | null
  /** The organisation's issuer that it came through; it acts in that organisation alone. */
  identityProviderId: string | null
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
  second_factor: boolean
  impersonated_by: string | null
  identity_provider_id: string | null
}

export interface NewSession {
  orgId: string
  userAgent: string | null
  ttlSeconds: number
  ip?: string | null
  /** `password` unless told. */
  method?: SignInMethod
  /** `due`: the session is nobody's until `passSecondFactor`. `none` unless told. */
  secondFactor?: 'none' | 'due' | 'passed'
  impersonatedBy?: string | null
  identityProviderId?: string | null
}

/** Opens a session in one of the person's organisations. AppError `not_found` where the person is no member of it. */
export async function createSession(userId: string, session: NewSession): Promise<string> {
  const { orgId, userAgent, ttlSeconds, ip = null, method = 'password', secondFactor = 'none' } = session
  try {
    const row = await withUser(userId, (tx) =>
      tx.session.create({
        data: {
          userId,
          orgId,
          userAgent: userAgent === null ? null : storableText(userAgent).slice(0, 400),
          ip: ip === null ? null : storableText(ip).slice(0, 80),
          method,
          secondFactorDue: secondFactor === 'due',
          secondFactorAt: secondFactor === 'passed' ? new Date() : null,
          impersonatedBy: session.impersonatedBy ?? null,
          identityProviderId: session.identityProviderId ?? null,
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

/** Null where it is unknown, revoked or expired, waits for its second factor, or may not act in its organisation any more. */
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
    secondFactor: row.second_factor,
    impersonatedBy: row.impersonated_by,
    identityProviderId: row.identity_provider_id,
  }
}

export interface DueSession {
  sessionId: string
  userId: string
  email: string
  orgId: string
  method: string
}

/** A session that waits for its second factor; null for any other. */
export async function findDueSession(sessionId: string): Promise<DueSession | null> {
  if (!isUuid(sessionId)) return null
  const rows = await appClient().$queryRaw<{ user_id: string; email: string; org_id: string; method: string }[]>`
    SELECT * FROM find_due_session(${sessionId}::uuid)`
  const row = rows[0]
  return row === undefined ? null : { sessionId, userId: row.user_id, email: row.email, orgId: row.org_id, method: row.method }
}

/** After a right code. A session that waited for it lives from now on as long as any. */
export async function passSecondFactor(userId: string, sessionId: string, ttlSeconds: number): Promise<void> {
  const now = Date.now()
  await withUser(userId, async (tx) => {
    await tx.session.updateMany({
      where: { id: sessionId, userId, secondFactorDue: true },
      data: { secondFactorDue: false, expiresAt: new Date(now + ttlSeconds * 1000) },
    })
    await tx.session.updateMany({ where: { id: sessionId, userId }, data: { secondFactorAt: new Date(now) } })
  })
}

/**
 * Works on in another of the person's organisations. AppError `not_found` where the person does not
 * belong to it, or this session may not act there: one through an organisation's issuer or in
 * another's place stays where it is, and an organisation may ask for its own sign-on.
 */
export async function switchSessionOrganization(sessionId: string, orgId: string): Promise<void> {
  const rows = isUuid(sessionId) && isUuid(orgId)
    ? await appClient().$queryRaw<{ switched: boolean }[]>`SELECT switch_session(${sessionId}::uuid, ${orgId}::uuid) AS switched`
    : []
  if (rows[0]?.switched !== true) throw new AppError('not_found', 'You do not belong to this organisation, or it asks for its own sign-on.')
}

/** Lets the session link one more account elsewhere for so long. */
export async function allowLinking(userId: string, sessionId: string, seconds: number): Promise<void> {
  await withUser(userId, (tx) =>
    tx.session.updateMany({ where: { id: sessionId, userId }, data: { linkUntil: new Date(Date.now() + seconds * 1000) } }),
  )
}

/** Uses that up. False where it was not allowed, or too long ago. */
export async function takeLinking(userId: string, sessionId: string): Promise<boolean> {
  const { count } = await withUser(userId, (tx) =>
    tx.session.updateMany({ where: { id: sessionId, userId, linkUntil: { gt: new Date() } }, data: { linkUntil: null } }),
  )
  return count === 1
}

/** Harmless where it is unknown or revoked before. */
export async function revokeSession(sessionId: string): Promise<void> {
  if (isUuid(sessionId)) await appClient().$queryRaw`SELECT revoke_session(${sessionId}::uuid)::text`
}

export interface SessionSummary {
  id: string
  userAgent: string | null
  ip: string | null
  method: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** The person's live sessions, the latest used first; of all, or through one organisation's issuer. */
export async function listSessions(userId: string, through?: string): Promise<SessionSummary[]> {
  return withUser(userId, (tx) =>
    tx.session.findMany({
      where: {
        userId,
        revokedAt: null,
        secondFactorDue: false,
        expiresAt: { gt: new Date() },
        ...(through === undefined ? {} : { identityProviderId: through }),
      },
      select: { id: true, userAgent: true, ip: true, method: true, createdAt: true, lastSeenAt: true, expiresAt: true },
      orderBy: [{ lastSeenAt: 'desc' }, { createdAt: 'desc' }],
    }),
  )
}

/** What browsers the person has signed in with, ended sessions included. */
export async function listUserAgents(userId: string): Promise<(string | null)[]> {
  const rows = await withUser(userId, (tx) =>
    tx.session.findMany({ where: { userId, impersonatedBy: null }, select: { userAgent: true }, distinct: ['userAgent'], take: 200 }),
  )
  return rows.map(({ userAgent }) => userAgent)
}

/** Ends all of the person's sessions, or those through one organisation's issuer, but for the one named; returns how many. */
export async function revokeSessionsOf(userId: string, { except, through }: { except?: string | undefined; through?: string | undefined } = {}): Promise<number> {
  const { count } = await withUser(userId, (tx) =>
    tx.session.updateMany({
      where: {
        userId,
        revokedAt: null,
        expiresAt: { gt: new Date() },
        ...(except === undefined ? {} : { id: { not: except } }),
        ...(through === undefined ? {} : { identityProviderId: through }),
      },
      data: { revokedAt: new Date() },
    }),
  )
  return count
}
