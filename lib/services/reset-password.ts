import { hashLinkToken, newLinkToken } from '@/lib/auth/link-token'
import type { RequestOrigin } from '@/lib/auth/open-session'
import { hashPassword } from '@/lib/auth/passwords'
import { parseEnv } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import { recordPersonAudit } from '@/lib/db/audit'
import { findPasswordReset, requestPasswordReset, resetPassword as storePassword } from '@/lib/db/password-resets'
import { passwordResetMail } from '@/lib/mail/letters'
import { publicAddress } from '@/lib/mail/public-address'
import { sendMail } from '@/lib/mail/send-mail'

const MINUTES = 60

/** Open links of one person: a mailbox is not to be flooded. */
const MOST_OPEN = 3
const MOST_OPEN_FOR_OPERATOR = 100

/**
 * Mails a link to whoever has this address, if anybody. Not to be waited for by whoever asks: how long
 * it takes would tell whether the address is known.
 */
export async function mailPasswordReset(email: string, origin: RequestOrigin): Promise<void> {
  const { token, hash } = newLinkToken()
  const person = await requestPasswordReset(email, { tokenHash: hash, ttlSeconds: MINUTES * 60, most: MOST_OPEN })
  if (person === null) return
  await recordPersonAudit(person.userId, { action: 'password.reset_requested', target: person.email, ...origin })
  await sendMail(passwordResetMail(person.email, { name: person.name, url: resetLink(token), minutes: MINUTES }))
}

/** The same for the operator's hands, where no mail is sent: the link's path. AppError `not_found` for an unknown address. */
export async function openPasswordReset(email: string): Promise<{ path: string; minutes: number }> {
  const { token, hash } = newLinkToken()
  const person = await requestPasswordReset(email, { tokenHash: hash, ttlSeconds: MINUTES * 60, most: MOST_OPEN_FOR_OPERATOR })
  if (person === null) throw new AppError('not_found', `There is no account ${email}.`)
  await recordPersonAudit(person.userId, { action: 'password.reset_opened', target: person.email, details: { by: 'operator' } })
  return { path: resetPath(token), minutes: MINUTES }
}

/** Whose password the link sets; null where it is unknown, used or too old. */
export function readPasswordReset(token: string): Promise<{ email: string } | null> {
  return findPasswordReset(hashLinkToken(token))
}

/** Sets the password and ends every session of that person, everywhere. */
export async function resetPassword(token: string, newPassword: string, origin: RequestOrigin): Promise<{ email: string }> {
  const hash = hashLinkToken(token)
  // Hashing is costly: only for a link that holds.
  const person = (await findPasswordReset(hash)) === null ? null : await storePassword(hash, await hashPassword(newPassword))
  if (person === null) throw new AppError('not_found', 'This link does not hold any more. Ask for a new one.')
  await recordPersonAudit(person.userId, { action: 'password.reset', target: person.email, ...origin })
  return { email: person.email }
}

const resetPath = (token: string): string => `/reset-password/${token}`

const resetLink = (token: string): string => `${publicAddress(parseEnv(process.env))}${resetPath(token)}`
