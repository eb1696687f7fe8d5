import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach } from 'vitest'

export interface CaughtMail {
  from: string
  to: string[]
  subject: string
  text: string
  html: string
}

export interface MailCatcher {
  /** Fit for SMTP_URL, which it is while the file's tests run. */
  readonly url: string
  /** What came since the test began. */
  mails: () => CaughtMail[]
  /** The first mail to the address; rejects after five seconds without one. */
  waitFor: (to: string) => Promise<CaughtMail>
}

/** Call at a test file's top level: a real SMTP server on loopback that keeps what it is sent, and SMTP_URL set to it. */
export function useMailCatcher(): MailCatcher {
  let caught: CaughtMail[] = []
  let url: string | null = null
  const before = process.env['SMTP_URL']

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      simpleParser(stream).then(
        ({ from, subject = '', text = '', html }) => {
          const to = session.envelope.rcptTo.map(({ address }) => address)
          caught.push({ from: from?.text ?? '', to, subject, text, html: typeof html === 'string' ? html : '' })
          done()
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      )
    },
  })

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.server.address()
    if (address === null || typeof address === 'string') throw new Error('The mail catcher has no port.')
    url = `smtp://127.0.0.1:${address.port}`
    process.env['SMTP_URL'] = url
  })

  beforeEach(() => {
    caught = []
  })

  afterAll(async () => {
    if (before === undefined) delete process.env['SMTP_URL']
    else process.env['SMTP_URL'] = before
    await new Promise<void>((resolve) => server.close(resolve))
  })

  return {
    get url() {
      if (url === null) throw new Error('The mail catcher is there from beforeAll on.')
      return url
    },
    mails: () => [...caught],
    waitFor: async (to) => {
      const deadline = Date.now() + 5000
      for (;;) {
        const found = caught.find((mail) => mail.to.includes(to))
        if (found !== undefined) return found
        if (Date.now() > deadline) throw new Error(`No mail to ${to} came; there are ${caught.length} others.`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
  }
}
