import { describeDevice } from '@/lib/domain/device-name'
import { findOwnAccount } from '@/lib/db/users'
import { sendMail } from '@/lib/mail/send-mail'
import type { RequestOrigin } from '@/lib/auth/open-session'

/** Tells a person by mail that somebody has signed in from a browser that was never seen before. */
export async function tellOfNewDevice(userId: string, { ip, userAgent }: RequestOrigin): Promise<void> {
  const person = await findOwnAccount(userId)
  if (person === null) return
  const at = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date())
  await sendMail({
    to: person.email,
    subject: 'A new sign-in to your Parley account',
    text: [
      `Hello ${person.name},`,
      `somebody signed in to your account at ${at} (UTC) with ${describeDevice(userAgent)}, from the address ${ip ?? 'unknown'}.`,
      'If that was you, there is nothing to do. If not: change your password under Settings, Security, and sign out everywhere else there.',
    ].join('\n\n'),
  })
}
