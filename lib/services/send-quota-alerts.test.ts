import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { writeBudget } from '@/lib/db/budgets'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { useMailCatcher } from '@/lib/mail/testing/mail-catcher'
import { sendQuotaAlerts } from './send-quota-alerts'

useDatabase()
const catcher = useMailCatcher()

async function use(orgId: string, tokens: number): Promise<void> {
  const requestId = randomUUID()
  await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'chat', tokens, characters: 0, ttlSeconds: 60 })
  await settleHold(orgId, requestId, { promptTokens: tokens, completionTokens: 0, characters: 0 })
}

const fail = (error: unknown): never => {
  throw error
}

it('tells the owner once of each threshold, of several at once the highest, and nobody else', async () => {
  const { orgId, email } = await makeTenant({ tokenQuota: 1000 })
  const other = await makeTenant({ tokenQuota: 1000 })
  await writeBudget(orgId, { limitMicros: 10_000n, hardStop: false, alertPercents: [50, 80, 100] })
  await use(other.orgId, 10)
  await use(orgId, 810)
  await Promise.all([sendQuotaAlerts(fail), sendQuotaAlerts(fail)])
  await sendQuotaAlerts(fail)
  expect(catcher.mails()).toHaveLength(1)
  const mail = await catcher.waitFor(email)
  expect(mail.subject).toBe('Tenant has used 80 % of its month on Parley')
  expect(mail.text).toContain("80 % of this month's tokens: 810 of 1,000.")
  expect(mail.text).not.toContain('50 %')
  expect(mail.text).toMatch(/http\S+\/usage/)

  await use(orgId, 190)
  await sendQuotaAlerts(fail)
  expect(catcher.mails()).toHaveLength(2)
  expect(catcher.mails()[1]?.text).toContain("100 % of this month's tokens: 1,000 of 1,000.")
})

it('a mail that failed is not taken for sent', async () => {
  const { orgId } = await makeTenant({ tokenQuota: 10 })
  await use(orgId, 10)
  const url = process.env['SMTP_URL']
  const failures: unknown[] = []
  process.env['SMTP_URL'] = 'smtp://127.0.0.1:9'
  try {
    await sendQuotaAlerts((error) => failures.push(error))
  } finally {
    process.env['SMTP_URL'] = url
  }
  expect(failures).toHaveLength(1)
  // It is tried again, though not at once.
  await sendQuotaAlerts(fail)
  expect(catcher.mails()).toHaveLength(0)
})
