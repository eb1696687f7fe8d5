import type { Mail } from './send-mail'

interface Letter {
  to: string
  subject: string
  /** Paragraphs before the link. */
  before: string[]
  link: { label: string; url: string }
  /** Paragraphs after it. */
  after: string[]
}

export function invitationMail(to: string, invitation: { inviter: string; orgName: string; role: string; url: string; days: number }): Mail {
  const { inviter, orgName, role, url, days } = invitation
  return mailOf({
    to,
    subject: `${inviter} invites you to ${orgName} on Parley`,
    before: [`${inviter} invites you to the organisation ${orgName} on Parley, as ${role}.`],
    link: { label: 'Accept the invitation', url },
    after: [`The link works once, for ${to}, within ${days} days. Whoever did not expect this mail can leave it.`],
  })
}

export function passwordResetMail(to: string, reset: { name: string; url: string; minutes: number }): Mail {
  return mailOf({
    to,
    subject: 'A new password for Parley',
    before: [`Hello ${reset.name},`, 'somebody, most likely you, asked for a new password for this address.'],
    link: { label: 'Choose a new password', url: reset.url },
    after: [
      `The link works once, within ${reset.minutes} minutes, and signs you out everywhere.`,
      'If it was not you, leave this mail: your password stays as it is.',
    ],
  })
}

export function verificationMail(to: string, verification: { name: string; url: string; hours: number }): Mail {
  return mailOf({
    to,
    subject: 'Confirm your e-mail address for Parley',
    before: [`Hello ${verification.name},`, 'please confirm that this address is yours.'],
    link: { label: 'Confirm the address', url: verification.url },
    after: [`The link works within ${verification.hours} hours. If you have no account at Parley, leave this mail.`],
  })
}

export function quotaMail(to: string, reached: { orgName: string; percent: number; lines: string[]; url: string }): Mail {
  return mailOf({
    to,
    subject: `${reached.orgName} has used ${reached.percent} % of its month on Parley`,
    before: [`${reached.orgName} has reached:`, ...reached.lines],
    link: { label: 'See the usage', url: reached.url },
    after: ['Beyond a quota, and beyond a budget that is a hard stop, requests are refused until the next month. The thresholds of these mails are set on the usage page.'],
  })
}

function mailOf({ to, subject, before, link, after }: Letter): Mail {
  const paragraphs = (texts: string[]) => texts.map((text) => `<p>${escaped(text)}</p>`).join('')
  const html = `${paragraphs(before)}<p><a href="${escaped(link.url)}">${escaped(link.label)}</a></p>${paragraphs(after)}`
  return {
    to,
    // A line break would begin another header.
    subject: subject.replace(/\s+/gu, ' '),
    text: `${[...before, `${link.label}: ${link.url}`, ...after].join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><body>${html}</body></html>`,
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
