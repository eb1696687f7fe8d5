import { AppError } from '@/lib/contract/errors'
import { recordPersonAudit } from '@/lib/db/audit'
import { attemptSignIn, clearSignInAttempts, forgiveSignInAttempt } from '@/lib/db/sign-ups'
import type { RequestOrigin } from './open-session'
import { verifyPassword } from './passwords'
import { LOCK_OUT } from './sign-in'

/**
 * Whose password it is, also of a person who belongs to no organisation and so cannot sign in; null for
 * a wrong one and for an account without any. It counts as an attempt to sign in: AppError `account_locked`.
 */
export async function confirmPassword(email: string, password: string, origin: RequestOrigin): Promise<{ userId: string; email: string } | null> {
  const attempt = await attemptSignIn(email, LOCK_OUT)
  if (attempt.lockedUntil !== null) {
    const retryAfter = Math.max(1, Math.ceil((attempt.lockedUntil.getTime() - Date.now()) / 1000))
    throw new AppError('account_locked', `Too many failed attempts. Try again in ${Math.ceil(retryAfter / 60)} minutes.`, { retryAfter })
  }
  const { person } = attempt
  if (!(await verifyPassword(person?.passwordHash ?? null, password)) || person === null) {
    if (person !== null) await recordPersonAudit(person.userId, { action: 'sign_in.failed', target: email, details: { wrong: 'password' }, ...origin })
    return null
  }
  // Where a code would still be asked for, this is no success that lets codes be guessed for ever.
  await (person.secondFactor ? forgiveSignInAttempt(email) : clearSignInAttempts(email))
  return { userId: person.userId, email: person.email }
}
