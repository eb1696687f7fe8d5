import { createTransport } from 'nodemailer'
import { parseEnv } from '@/lib/contract/env'

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
}

const PATIENCE_MS = 20_000

/** Whether SMTP_URL is set, so that mail can be sent at all. */
export function mailConfigured(): boolean {
  return parseEnv(process.env).SMTP_URL !== undefined
}

/**
 * Hands one mail to the server at SMTP_URL, from MAIL_FROM. `not_configured` where there is no such
 * server: the caller then has another way. Rejects where the server refuses it or cannot be reached.
 */
export async function sendMail(mail: Mail): Promise<'sent' | 'not_configured'> {
  const { SMTP_URL: url, MAIL_FROM: from } = parseEnv(process.env)
  if (url === undefined) return 'not_configured'
  const transport = createTransport(url, { connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS })
  try {
    // An address is data, never a list of further ones.
    await transport.sendMail({ ...mail, to: { name: '', address: mail.to }, from })
    return 'sent'
  } finally {
    transport.close()
  }
}
