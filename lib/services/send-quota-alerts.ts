import { parseEnv } from '@/lib/contract/env'
import { recordQuotaAlerts } from '@/lib/db/budgets'
import { claimQuotaAlerts, markQuotaAlertsMailed, type DueAlert, type DueAlerts } from '@/lib/db/quota-alert-mails'
import { showMicros } from '@/lib/domain/money'
import { quotaMail } from '@/lib/mail/letters'
import { publicAddress } from '@/lib/mail/public-address'
import { mailConfigured, sendMail } from '@/lib/mail/send-mail'

const COUNT = new Intl.NumberFormat('en')

const NAMES: Record<DueAlert['measure'], string> = { tokens: 'tokens', characters: 'translated characters', budget: 'budget' }

/**
 * Notes which organisations have reached a threshold of a quota or of their budget, and mails their
 * owners and billing members, once for each; of several at once the highest. Without a mail server
 * they stand on the usage page alone. `report` is told of mails that failed; those are tried again.
 */
export async function sendQuotaAlerts(report: (error: unknown) => void): Promise<void> {
  await recordQuotaAlerts()
  if (!mailConfigured()) return
  for (const due of await claimQuotaAlerts()) {
    if (due.recipients.length === 0 || (await mailAll(due, report))) await markQuotaAlertsMailed(due)
  }
}

/** Whether anybody was reached. */
async function mailAll({ orgName, alerts, recipients }: DueAlerts, report: (error: unknown) => void): Promise<boolean> {
  const highest = alerts.filter(({ measure, percent }) => alerts.every((other) => other.measure !== measure || other.percent <= percent))
  const env = parseEnv(process.env)
  const lines = highest.map((alert) => line(alert, env.BILLING_CURRENCY))
  const url = `${publicAddress(env)}/usage`
  let reached = false
  for (const to of recipients) {
    try {
      await sendMail(quotaMail(to, { orgName, percent: Math.max(...highest.map(({ percent }) => percent)), lines, url }))
      reached = true
    } catch (error) {
      report(error)
    }
  }
  return reached
}

function line({ measure, percent, used, limit }: DueAlert, currency: string): string {
  const shown = (value: bigint) => (measure === 'budget' ? showMicros(value, currency) : COUNT.format(value))
  return `${percent} % of this month's ${NAMES[measure]}: ${shown(used)} of ${shown(limit)}.`
}
