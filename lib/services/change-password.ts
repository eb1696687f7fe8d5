import { hashPassword } from '@/lib/auth/passwords'
import { confirmPerson } from '@/lib/auth/sign-in'
import type { Confirmation } from '@/lib/contract/sign-in'
import { recordPersonAudit } from '@/lib/db/audit'
import { revokeSessionsOf } from '@/lib/db/sessions'
import { findOwnAccount, setPasswordHash } from '@/lib/db/users'
import type { Actor } from './actor'
import { requireOwnSession } from './require-own-session'

/**
 * A new password, or the first one of somebody who came from elsewhere; every other session ends.
 * AppError `invalid_request` naming `password` or `code`, `account_locked`.
 */
export async function changePassword(actor: Actor, { newPassword, ...confirmation }: Confirmation & { newPassword: string }): Promise<void> {
  requireOwnSession(actor)
  const { userId, sessionId, email, origin } = actor
  const account = await findOwnAccount(userId)
  await confirmPerson(email, confirmation, origin)
  await setPasswordHash(userId, await hashPassword(newPassword))
  const ended = await revokeSessionsOf(userId, { except: sessionId })
  await recordPersonAudit(userId, { action: account?.hasPassword === true ? 'password.changed' : 'password.set', details: { sessions_ended: ended }, ...origin })
}
