import { recordAudit } from '@/lib/db/audit'
import { createSession, listUserAgents, type SignInMethod } from '@/lib/db/sessions'
import { describeDevice } from '@/lib/domain/device-name'

export const SESSION_SECONDS = 30 * 24 * 60 * 60

/** How long the second step of a sign-in may take. */
const DUE_SECONDS = 10 * 60

/** Where a request came from. */
export interface RequestOrigin {
  ip: string | null
  userAgent: string | null
}

export interface NewSignIn {
  userId: string
  orgId: string
  method: SignInMethod
  /** `due`: the session is nobody's until a code comes. */
  secondFactor: 'none' | 'due' | 'passed'
  identityProviderId?: string | null
  origin: RequestOrigin
}

export interface OpenedSession {
  sessionId: string
  /** A person who was here before, and never from such a browser. */
  newDevice: boolean
}

/** Opens the session of a sign-in and records it; one that waits for its second factor is recorded when that has come. */
export async function openSession(signIn: NewSignIn): Promise<OpenedSession> {
  const { userId, orgId, method, secondFactor, identityProviderId = null, origin } = signIn
  const known = await listUserAgents(userId)
  const ttlSeconds = secondFactor === 'due' ? DUE_SECONDS : SESSION_SECONDS
  const sessionId = await createSession(userId, { ...origin, orgId, method, secondFactor, identityProviderId, ttlSeconds })
  if (secondFactor !== 'due') await recordSignIn({ ...signIn, secondFactor: secondFactor === 'passed' })
  const device = describeDevice(origin.userAgent)
  return { sessionId, newDevice: known.length > 0 && !known.some((userAgent) => describeDevice(userAgent) === device) }
}

export function recordSignIn(signIn: { userId: string; orgId: string; method: string; secondFactor: boolean; origin: RequestOrigin }): Promise<void> {
  const { userId, orgId, method, secondFactor, origin } = signIn
  return recordAudit({ orgId, actorId: userId, action: 'session.signed_in', details: { method, second_factor: secondFactor }, ...origin })
}
