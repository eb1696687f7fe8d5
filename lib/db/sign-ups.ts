import { AppError } from '@/lib/contract/errors'
import { appClient } from './client'
import { databaseError } from './database-error'
import { storableText } from './storable-text'

export interface SignUp {
  email: string
  name: string
  passwordHash: string
  orgName: string
}

/** A person with an organisation of their own, on the free plan. AppError `conflict` where the e-mail is known. */
export async function signUp(person: SignUp): Promise<{ userId: string; orgId: string }> {
  const [email, name, orgName] = [person.email, person.name, person.orgName].map(storableText)
  try {
    const rows = await appClient().$queryRaw<{ user_id: string; org_id: string }[]>`
      SELECT user_id, org_id FROM sign_up(${email}, ${name}, ${person.passwordHash}, ${orgName})`
    const made = rows[0]
    if (made === undefined) throw new Error('sign_up returned no row.')
    return { userId: made.user_id, orgId: made.org_id }
  } catch (cause) {
    if (databaseError(cause)?.constraint === 'users_email_key') {
      throw new AppError('conflict', 'There is an account with this e-mail already. Sign in instead.', { param: 'email', cause })
    }
    throw cause
  }
}

export interface AttemptingPerson {
  userId: string
  email: string
  name: string
  passwordHash: string | null
  /** Where a session would start: the first organisation that a password suffices for. */
  orgId: string | null
  /** Where `orgId` is null: an organisation that wants its own sign-on; null where the person belongs to none. */
  ssoOrgId: string | null
  /** Whether a code is asked for beside the password. */
  secondFactor: boolean
}

/** `number`: the how many-eth since the last success it is; the one that reaches the limit locks the address. */
export type SignInAttempt = { lockedUntil: Date } | { lockedUntil: null; number: number; person: AttemptingPerson | null }

export interface LockOut {
  /** The attempts within `seconds` after which an address is locked for `seconds`. */
  attempts: number
  seconds: number
}

interface AttemptRow {
  locked_until: Date | null
  user_id: string | null
  email: string | null
  name: string | null
  password_hash: string | null
  org_id: string | null
  sso_org_id: string | null
  second_factor: boolean | null
  attempt_number: number | null
}

/**
 * Counts the attempt before its password is looked at, so that guesses sent at once cannot pass the
 * limit together. Known and unknown addresses lock alike; `person` is null for an unknown one.
 */
export async function attemptSignIn(email: string, lockOut: LockOut): Promise<SignInAttempt> {
  const rows = await appClient().$queryRaw<AttemptRow[]>`
    SELECT * FROM attempt_sign_in(${storableText(email)}, ${lockOut.attempts}::int, make_interval(secs => ${lockOut.seconds}))`
  const row = rows[0]
  if (row === undefined) throw new Error('attempt_sign_in returned no row.')
  if (row.locked_until !== null) return { lockedUntil: row.locked_until }
  if (row.user_id === null || row.email === null || row.name === null) return { lockedUntil: null, number: row.attempt_number ?? 0, person: null }
  const { user_id: userId, email: address, name, password_hash: passwordHash, org_id: orgId, sso_org_id: ssoOrgId } = row
  const person = { userId, email: address, name, passwordHash, orgId, ssoOrgId, secondFactor: row.second_factor === true }
  return { lockedUntil: null, number: row.attempt_number ?? 0, person }
}

/** After the right password without the code that is still to come: that was neither a failure nor a success. */
export async function forgiveSignInAttempt(email: string): Promise<void> {
  await appClient().$queryRaw`SELECT forgive_sign_in_attempt(${storableText(email)})::text`
}

/** After everything that was asked for came right. */
export async function clearSignInAttempts(email: string): Promise<void> {
  await appClient().$queryRaw`SELECT clear_sign_in_attempts(${storableText(email)})::text`
}
