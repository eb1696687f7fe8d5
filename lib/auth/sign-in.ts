import { AppError } from '@/lib/contract/errors'
import { attemptSignIn, clearSignInAttempts } from '@/lib/db/sign-ups'
import { verifyPassword } from './passwords'

/** After so many failures an address is locked for as many seconds, whether it has an account or not. */
export const LOCK_OUT = { attempts: 10, seconds: 15 * 60 }

export interface SignedIn {
  userId: string
  email: string
  name: string
  /** The organisation that the session starts in: the person's first. */
  orgId: string
}

/**
 * Null for a wrong password and for an unknown address alike, after the same work. AppError
 * `account_locked` after repeated failures, `insufficient_permissions` where the person belongs to
 * no organisation.
 */
export async function verifyCredentials(email: string, password: string): Promise<SignedIn | null> {
  const address = email.trim().toLowerCase()
  const attempt = await attemptSignIn(address, LOCK_OUT)
  if (attempt.lockedUntil !== null) {
    const retryAfter = Math.max(1, Math.ceil((attempt.lockedUntil.getTime() - Date.now()) / 1000))
    throw new AppError('account_locked', `Too many failed attempts. Try again in ${Math.ceil(retryAfter / 60)} minutes.`, { retryAfter })
  }
  const { person } = attempt
  if (!(await verifyPassword(person?.passwordHash ?? null, password)) || person === null) return null
  await clearSignInAttempts(address)
  const { userId, name, orgId } = person
  if (orgId === null) throw new AppError('insufficient_permissions', 'This account belongs to no organisation.')
  return { userId, email: person.email, name, orgId }
}
