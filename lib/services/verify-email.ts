import { z } from 'zod'
import { openSecret, sealSecret } from '@/lib/auth/secret-box'
import type { RequestOrigin } from '@/lib/auth/open-session'
import { parseEnv } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import { recordPersonAudit } from '@/lib/db/audit'
import { markEmailVerified } from '@/lib/db/users'
import { verificationMail } from '@/lib/mail/letters'
import { publicAddress } from '@/lib/mail/public-address'
import { sendMail } from '@/lib/mail/send-mail'

const HOURS = 48

/** Sealed by the app's own secret, so that nothing has to be stored; it says itself whose it is and how long it holds. */
const sealedLink = z.object({ purpose: z.literal('verify-email'), userId: z.string(), email: z.string(), until: z.number() })

interface Person {
  userId: string
  email: string
}

/** Mails the link by which a person shows that the address of the account is the own. */
export async function mailVerification({ userId, email, name }: Person & { name: string }, now = Date.now()): Promise<'sent' | 'not_configured'> {
  const token = sealSecret(JSON.stringify({ purpose: 'verify-email', userId, email, until: now + HOURS * 60 * 60 * 1000 }))
  return sendMail(verificationMail(email, { name, url: `${publicAddress(parseEnv(process.env))}/verify-email/${token}`, hours: HOURS }))
}

/** Whose address the link confirms; null where it is altered, made up or too old. */
export function readVerification(token: string, now = Date.now()): Person | null {
  const link = opened(token)
  return link === null || link.until < now ? null : { userId: link.userId, email: link.email }
}

/**
 * Confirms the address, for the signed-in owner of the account alone: whoever else has the mailbox must
 * not confirm, by a click, an account that somebody made in that name. AppError `not_found`.
 */
export async function verifyEmail(token: string, person: Person, origin: RequestOrigin): Promise<void> {
  const link = readVerification(token)
  if (link?.userId !== person.userId || !(await markEmailVerified(link.userId, link.email))) {
    throw new AppError('not_found', 'This link does not hold, or belongs to another account. Ask for a new one in your settings.')
  }
  await recordPersonAudit(person.userId, { action: 'email.verified', target: link.email, ...origin })
}

function opened(token: string): z.infer<typeof sealedLink> | null {
  try {
    return sealedLink.parse(JSON.parse(openSecret(token)))
  } catch {
    // Whatever was not sealed here for this purpose opens nothing.
    return null
  }
}
