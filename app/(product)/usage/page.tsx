import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { listApiKeys } from '@/lib/db/api-keys'
import { monthUsage, usageByDay } from '@/lib/db/usage'
import { can } from '@/lib/domain/permissions'

import { Forbidden } from '../_shell/forbidden'
import { PageBody, Section } from '../_shell/page-body'
import { DailyChart } from './daily-chart'
import { LimitBar } from './limit-bar'
import { UsageTable } from './usage-table'
import { daysOfMonth, totalsBy } from './usage-sums'

export const metadata: Metadata = { title: 'Usage' }

const FEATURE_NAMES: Record<string, string> = { chat: 'Chat', write: 'Write', completion: 'Completions (API)', translate: 'Translation' }

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

export default async function UsagePage() {
  const session = await pageSession()
  if (!can(session.role, 'usage:read')) return <Forbidden what="Usage" />
  const month = await monthUsage(session.orgId)
  const [rows, keys] = await Promise.all([usageByDay(session.orgId, month.periodStart, month.periodEnd, ['feature', 'key']), listApiKeys(session.orgId)])
  const keyNames = new Map(keys.map(({ id, name }) => [id, name]))
  return (
    <PageBody
      title="Usage"
      description={`${session.orgName} in ${MONTH.format(month.periodStart)}. The count starts anew on ${DAY.format(month.periodEnd)} (UTC).`}
    >
      <div className="mb-6 grid gap-4 md:grid-cols-2">
        <LimitBar title="Tokens" explanation="Read and written, over chat, writing, translation and the API." used={month.tokens} limit={month.tokenLimit} />
        <LimitBar title="Characters" explanation="Source text of translations." used={month.characters} limit={month.characterLimit} />
      </div>
      <Section title="By day">
        <DailyChart days={daysOfMonth(rows, month.periodStart, month.periodEnd)} />
      </Section>
      <div className="grid gap-x-6 lg:grid-cols-2">
        <Section title="By feature">
          <UsageTable heading="Feature" rows={totalsBy(rows, ({ feature }) => FEATURE_NAMES[feature ?? ''] ?? feature ?? '')} />
        </Section>
        <Section title="By key">
          <UsageTable heading="Key" rows={totalsBy(rows, ({ key }) => (key ? (keyNames.get(key) ?? 'A deleted key') : 'In the browser'))} />
        </Section>
      </div>
    </PageBody>
  )
}
