import { newRecoveryCodes, recoveryCodeHash } from '@/lib/auth/recovery-codes'
import { openSecret, sealSecret } from '@/lib/auth/secret-box'
import { confirmPerson, verifyCode } from '@/lib/auth/sign-in'
import { recordSignIn, SESSION_SECONDS, type RequestOrigin } from '@/lib/auth/open-session'
import { newTotpSecret, totpStep, totpUri } from '@/lib/auth/totp'
import { AppError } from '@/lib/contract/errors'
import type { Confirmation } from '@/lib/contract/sign-in'
import { recordPersonAudit } from '@/lib/db/audit'
import { confirmTotp, findTotp, removeTotp, replaceRecoveryCodes, startTotp } from '@/lib/db/second-factors'
import { passSecondFactor, revokeSessionsOf, type DueSession } from '@/lib/db/sessions'
import type { Actor } from './actor'
import { requireOwnSession } from './require-own-session'

/**
 * Begins to set an authenticator app up: the secret to be scanned or typed, which counts from the first
 * right code on. AppError `conflict` where there is a second factor, `invalid_request` naming `password`.
 */
export async function beginSecondFactor(actor: Actor, confirmation: Confirmation): Promise<{ secret: string; uri: string }> {
  requireOwnSession(actor)
  await confirmPerson(actor.email, confirmation, actor.origin)
  const secret = newTotpSecret()
  if (!(await startTotp(actor.userId, sealSecret(secret)))) throw new AppError('conflict', 'Your account has a second factor already.')
  return { secret, uri: totpUri(secret, actor.email) }
}

/** With the first right code: the recovery codes, shown this once. Every other session ends. AppError `invalid_request` naming `code`. */
export async function confirmSecondFactor(actor: Actor, code: string, now = Date.now()): Promise<string[]> {
  requireOwnSession(actor)
  const { userId, sessionId, origin } = actor
  const totp = await findTotp(userId)
  if (totp === null || totp.confirmedAt !== null) throw new AppError('conflict', 'Nothing is being set up. Begin again.')
  const step = totpStep(openSecret(totp.secret), code, now)
  if (step === null) throw new AppError('invalid_request', 'This is not the code that the app shows now. Check that the clock of your device is right.', { param: 'code' })
  const { codes, hashes } = freshCodes()
  if (!(await confirmTotp(userId, totp.secret, step, hashes))) throw new AppError('conflict', 'This was begun again elsewhere. Begin anew.')
  await passSecondFactor(userId, sessionId, SESSION_SECONDS)
  await revokeSessionsOf(userId, { except: sessionId })
  await recordPersonAudit(userId, { action: 'totp.enabled', ...origin })
  return codes
}

/** Ends the second factor. AppError `invalid_request` naming `password` or `code`, `not_found` where there is none. */
export async function removeSecondFactor(actor: Actor, confirmation: Confirmation): Promise<void> {
  requireOwnSession(actor)
  await confirmPerson(actor.email, confirmation, actor.origin)
  if (!(await removeTotp(actor.userId))) throw new AppError('not_found', 'Your account has no second factor.')
  await recordPersonAudit(actor.userId, { action: 'totp.disabled', ...actor.origin })
}

/** Ten new recovery codes in the place of the old ones. Errors as above. */
export async function newCodes(actor: Actor, confirmation: Confirmation): Promise<string[]> {
  requireOwnSession(actor)
  await confirmPerson(actor.email, confirmation, actor.origin)
  const totp = await findTotp(actor.userId)
  if (totp === null || totp.confirmedAt === null) throw new AppError('not_found', 'Your account has no second factor.')
  const { codes, hashes } = freshCodes()
  await replaceRecoveryCodes(actor.userId, hashes)
  await recordPersonAudit(actor.userId, { action: 'recovery_codes.replaced', ...actor.origin })
  return codes
}

/** The second step of a sign-in through a provider. AppError `invalid_request` naming `code`, `account_locked`. */
export async function finishSignIn(due: DueSession, code: string, origin: RequestOrigin): Promise<void> {
  const { userId, sessionId, email, orgId, method } = due
  if (!(await verifyCode(email, code, origin))) throw new AppError('invalid_request', 'This code is not right, or was used before.', { param: 'code' })
  await passSecondFactor(userId, sessionId, SESSION_SECONDS)
  await recordSignIn({ userId, orgId, method, secondFactor: true, origin })
}

function freshCodes(): { codes: string[]; hashes: string[] } {
  const codes = newRecoveryCodes()
  return { codes, hashes: codes.flatMap((code) => recoveryCodeHash(code) ?? []) }
}
