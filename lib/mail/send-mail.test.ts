import { describe, expect, it } from 'vitest'
import { sendMail } from './send-mail'
import { useMailCatcher } from './testing/mail-catcher'

const catcher = useMailCatcher()

describe('sendMail', () => {
  it('delivers text and HTML from the configured address over SMTP', async () => {
    process.env['MAIL_FROM'] = 'Parley at work <parley@example.com>'
    const mail = { to: 'ada@example.com', subject: 'Grüße, Ada', text: 'Hello – 你好', html: '<p>Hello</p>' }
    expect(await sendMail(mail)).toBe('sent')
    expect(await catcher.waitFor('ada@example.com')).toMatchObject({
      from: '"Parley at work" <parley@example.com>',
      to: ['ada@example.com'],
      subject: 'Grüße, Ada',
      text: expect.stringContaining('Hello – 你好') as string,
      html: expect.stringContaining('<p>Hello</p>') as string,
    })
  })

  it('sends to the one address it is given, never to a list', async () => {
    await sendMail({ to: 'eve@example.com, mallory@example.com', subject: 'x', text: 'x' }).catch(() => undefined)
    expect(catcher.mails().filter(({ to }) => to.includes('mallory@example.com'))).toEqual([])
  })

  it('says so where no server is configured, and rejects where none answers', async () => {
    const mail = { to: 'ada@example.com', subject: 'x', text: 'x' }
    delete process.env['SMTP_URL']
    expect(await sendMail(mail)).toBe('not_configured')
    process.env['SMTP_URL'] = 'smtp://127.0.0.1:1'
    await expect(sendMail(mail)).rejects.toThrow()
    process.env['SMTP_URL'] = catcher.url
  })
})
