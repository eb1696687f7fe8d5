import { AppError } from '@/lib/contract/errors'
import { recordAudit, recordPersonAudit } from '@/lib/db/audit'
import { attemptSignIn, clearSignInAttempts, forgiveSignInAttempt, type AttemptingPerson } from '@/lib/db/sign-ups'
import type { RequestOrigin } from './open-session'
import { verifyPassword } from './passwords'
import { takeSecondFactorCode } from './second-factor'

/** After so many failures an address is locked for as many seconds, whether it has an account or not. Wrong codes count like wrong passwords. */
export const LOCK_OUT = { attempts: 10, seconds: 15 * 60 }

export interface SignedIn {
  userId: string
  email: string
  name: string
  /** The organisation that the session starts in: the person's first that a password suffices for. */
  orgId: string
  /** Whether a code came with the password. */
  secondFactor: boolean
}

interface Attempt {
  address: string
  person: AttemptingPerson | null
  origin: RequestOrigin
  /** Whether its failure locks the address. */
  last: boolean
}

/**
 * Null for a wrong password, a wrong code and for an unknown address alike, after the same work.
 * AppError `account_locked` after repeated failures (`retryAfter` in seconds), `second_factor_required`
 * where a code has to come with the right password, `sso_required` where every organisation of the
 * person takes members in through its own sign-on, `insufficient_permissions` where there is none.
 */
export async function verifyCredentials(
  email: string,
  password: string,
  { code, origin = { ip: null, userAgent: null } }: { code?: string | undefined; origin?: RequestOrigin } = {},
): Promise<SignedIn | null> {
  const attempt = await beginAttempt(email, origin)
  const { address, person } = attempt
  if (!(await verifyPassword(person?.passwordHash ?? null, password)) || person === null) return fail(attempt, 'password')
  if (person.secondFactor && code === undefined) {
    await forgiveSignInAttempt(address)
    throw new AppError('second_factor_required', 'Enter the code of your authenticator app.')
  }
  if (person.secondFactor && !(await codeIsRight(attempt, code))) return fail(attempt, 'code')
  await clearSignInAttempts(address)
  const { userId, name, secondFactor } = person
  return { userId, email: person.email, name, orgId: startOf(person), secondFactor }
}

/**
 * Confirms that it is still the person who asks: by the password, where the account has one, and a
 * code, where it has a second factor. Attempts count as those of sign-in do. AppError `account_locked`;
 * `invalid_request` naming `password` or `code`.
 */
export async function confirmPerson(email: string, { password, code }: { password?: string | undefined; code?: string | undefined }, origin: RequestOrigin): Promise<void> {
  const attempt = await beginAttempt(email, origin)
  const { address, person } = attempt
  const passwordHash = person?.passwordHash ?? null
  if (passwordHash !== null && !(await verifyPassword(passwordHash, password ?? ''))) {
    await fail(attempt, 'password')
    throw new AppError('invalid_request', 'This is not your password.', { param: 'password' })
  }
  if (person?.secondFactor === true && !(await codeIsRight(attempt, code))) {
    await fail(attempt, 'code')
    throw new AppError('invalid_request', 'This code is not right, or was used before.', { param: 'code' })
  }
  await clearSignInAttempts(address)
}

/** The code alone, where the first factor was given elsewhere. False for a wrong one; AppError `account_locked`. */
export async function verifyCode(email: string, code: string, origin: RequestOrigin): Promise<boolean> {
  const attempt = await beginAttempt(email, origin)
  if (!(await codeIsRight(attempt, code))) {
    await fail(attempt, 'code')
    return false
  }
  await clearSignInAttempts(attempt.address)
  return true
}

/** Where a session may start. AppError where there is nowhere, `sso_required` with the organisation's id as `param`. */
export function startOf({ orgId, ssoOrgId }: { orgId: string | null; ssoOrgId: string | null }): string {
  if (orgId !== null) return orgId
  if (ssoOrgId !== null) throw new AppError('sso_required', 'Your organisation asks for its own single sign-on.', { param: ssoOrgId })
  throw new AppError('insufficient_permissions', 'This account belongs to no organisation.')
}

/** Counted before anything is looked at, so that guesses sent at once cannot pass the limit together. */
async function beginAttempt(email: string, origin: RequestOrigin): Promise<Attempt> {
  const address = email.trim().toLowerCase()
  const attempt = await attemptSignIn(address, LOCK_OUT)
  if (attempt.lockedUntil === null) return { address, person: attempt.person, origin, last: attempt.number >= LOCK_OUT.attempts }
  const retryAfter = Math.max(1, Math.ceil((attempt.lockedUntil.getTime() - Date.now()) / 1000))
  throw new AppError('account_locked', `Too many failed attempts. Try again in ${Math.ceil(retryAfter / 60)} minutes.`, { retryAfter })
}

async function codeIsRight({ person, origin }: Attempt, code: string | undefined): Promise<boolean> {
  if (person === null || code === undefined) return false
  const kind = await takeSecondFactorCode(person.userId, code)
  if (kind === 'recovery_code') await recordPersonAudit(person.userId, { action: 'recovery_code.used', ...origin })
  return kind !== null
}

async function fail({ address, person, origin, last }: Attempt, wrong: 'password' | 'code'): Promise<null> {
  const entries = [{ action: 'sign_in.failed', target: address, details: { wrong }, ...origin }]
  if (last) entries.push({ action: 'sign_in.locked', target: address, details: { wrong }, ...origin })
  for (const entry of entries) {
    if (person === null) await recordAudit({ orgId: null, actorId: null, ...entry })
    else await recordPersonAudit(person.userId, entry)
  }
  return null
}
