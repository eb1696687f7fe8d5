import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { listApiKeys } from '@/lib/db/api-keys'
import { callerQuotas, listQuotaAlerts, readBudget } from '@/lib/db/budgets'
import { monthBalance } from '@/lib/db/ledger'
import { listMembers } from '@/lib/db/memberships'
import { usageSums } from '@/lib/db/usage'
import { exactMicros, showMicros } from '@/lib/domain/money'
import { can } from '@/lib/domain/permissions'
import { serverContext } from '@/lib/http/server-context'

import { Forbidden } from '../_shell/forbidden'
import { PageBody, Section } from '../_shell/page-body'
import { BudgetForm } from './budget-form'
import { DownloadMenu } from './download-menu'
import { LimitBar } from './limit-bar'
import { RangeChoice } from './range-choice'
import { UsageAlerts } from './usage-alerts'
import { UsageChart } from './usage-chart'
import { usageRange } from './usage-range'
import { pointsOf, rowsBy, totalOf } from './usage-sums'
import { UsageTable } from './usage-table'

export const metadata: Metadata = { title: 'Usage' }

const FEATURE_NAMES: Record<string, string> = { chat: 'Chat', write: 'Write', completion: 'Completions (API)', translate: 'Translation' }

/** Of members, keys and models so many have a row of their own. */
const MOST_ROWS = 20

const COUNT = new Intl.NumberFormat('en')
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

export default async function UsagePage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const session = await pageSession()
  const { orgId, role } = session
  if (!can(role, 'usage:read')) return <Forbidden what="Usage" />
  const asked = await searchParams
  const only = (name: string): string | undefined => [asked[name]].flat()[0]
  const range = usageRange({ range: only('range'), from: only('from'), to: only('to') }, new Date())
  const currency = serverContext().env.BILLING_CURRENCY

  const by = (group: 'model' | 'feature' | 'key' | 'member') => usageSums(orgId, range.from, range.to, 'all', [group])
  const [steps, byModel, byFeature, byKey, byMember] = await Promise.all([usageSums(orgId, range.from, range.to, range.step), by('model'), by('feature'), by('key'), by('member')])
  const [month, budget, alerts, quotas, keys, members] = await Promise.all([
    monthBalance(orgId),
    readBudget(orgId),
    listQuotaAlerts(orgId),
    callerQuotas(orgId),
    listApiKeys(orgId),
    listMembers(orgId),
  ])
  const keyNames = new Map(keys.map(({ id, name }) => [id, name]))
  const memberNames = new Map(members.map(({ userId, name }) => [userId, name]))
  const nameOf = { key: (id: string) => keyNames.get(id) ?? 'A deleted key', member: (id: string) => memberNames.get(id) ?? 'A former member' }
  const limited = quotas.flatMap(({ kind, id, used, limit }) => (limit === null ? [] : [{ kind, id, used, limit }]))
  const total = totalOf(steps)
  const money = (micros: number): string => showMicros(BigInt(Math.round(micros)), currency)

  return (
    <PageBody
      title="Usage"
      description={`${session.orgName} in ${MONTH.format(month.period.start)}. The count starts anew on ${DAY.format(month.period.end)} (UTC).`}
    >
      <UsageAlerts alerts={alerts} currency={currency} />
      <div className="mb-8 grid gap-4 md:grid-cols-3">
        <LimitBar title="Tokens" explanation="Read and written, over chat, writing, translation and the API." used={month.tokens.used} limit={month.tokens.limit} />
        <LimitBar title="Characters" explanation="Source text of translations." used={month.characters.used} limit={month.characters.limit} />
        <LimitBar
          title="Cost"
          explanation={budget.limitMicros === null ? 'At the prices of your plan. There is no budget.' : 'Of this month’s budget.'}
          used={Number(month.cost.used)}
          limit={budget.limitMicros === null ? null : Number(budget.limitMicros)}
          show={money}
          atLimit={budget.hardStop ? 'Used up: requests are refused until the next month or a larger budget.' : 'Used up. Requests go on, as you chose.'}
        />
      </div>

      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="mb-1 text-lg font-semibold tracking-tight">{range.month === null ? 'Chosen days' : MONTH.format(range.from)}</h2>
          <p className="mb-3 text-[0.93rem] text-muted">
            {DATE.format(range.from)} to {DATE.format(new Date(range.lastDay))}, UTC
          </p>
          <RangeChoice choice={range.choice} from={range.from.toISOString().slice(0, 10)} to={range.lastDay} />
        </div>
        <DownloadMenu from={range.from.toISOString()} to={range.to.toISOString()} statement={range.month !== null && can(role, 'billing:read') ? range.month : null} />
      </div>
      <dl className="mb-6 grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line md:grid-cols-4">
        <Figure name="Cost" value={money(total.cost)} />
        <Figure name="Tokens" value={COUNT.format(total.tokens)} />
        <Figure name="Characters" value={COUNT.format(total.characters)} />
        <Figure name="Requests" value={COUNT.format(total.requests)} />
      </dl>
      <Section title={range.step === 'day' ? 'By day' : 'By month'}>
        <UsageChart points={pointsOf(steps, range)} step={range.step} currency={currency} />
      </Section>
      <div className="grid grid-cols-1 gap-x-6 xl:grid-cols-2">
        <Section title="By member">
          <UsageTable heading="Member" currency={currency} rows={rowsBy(byMember, ({ member }) => (member ? nameOf.member(member) : 'API keys'), MOST_ROWS)} />
        </Section>
        <Section title="By key">
          <UsageTable heading="Key" currency={currency} rows={rowsBy(byKey, ({ key }) => (key ? nameOf.key(key) : 'In the browser'), MOST_ROWS)} />
        </Section>
        <Section title="By model">
          <UsageTable heading="Model" currency={currency} rows={rowsBy(byModel, ({ model }) => model ?? '', MOST_ROWS)} />
        </Section>
        <Section title="By feature">
          <UsageTable heading="Feature" currency={currency} rows={rowsBy(byFeature, ({ feature }) => FEATURE_NAMES[feature ?? ''] ?? feature ?? '', MOST_ROWS)} />
        </Section>
      </div>
      <Section title="Budget and alerts" description="What you mean to spend in a month. A budget is a limit of your own below your plan’s.">
        {can(role, 'budget:write') ? (
          <BudgetForm
            key={JSON.stringify([String(budget.limitMicros), budget.hardStop, budget.alertPercents])}
            currency={currency}
            budget={{ limit: budget.limitMicros === null ? null : exactMicros(budget.limitMicros), hardStop: budget.hardStop, alertPercents: budget.alertPercents }}
          />
        ) : (
          <p className="text-muted">
            {budget.limitMicros === null ? 'There is no budget.' : `The budget is ${showMicros(budget.limitMicros, currency)} a month.`} Owners, admins and billing can change it.
          </p>
        )}
      </Section>
      {limited.length > 0 && (
        <div className="grid gap-4 md:grid-cols-2">
          {limited.map(({ kind, id, used, limit }) => (
            <LimitBar
              key={id}
              title={kind === 'key' ? `Key ${nameOf.key(id)}` : nameOf.member(id)}
              explanation={`Tokens of this month. The limit is this ${kind}’s own.`}
              used={used}
              limit={limit}
            />
          ))}
        </div>
      )}
    </PageBody>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="bg-surface px-5 py-3.5">
      <dt className="text-[0.87rem] text-muted">{name}</dt>
      <dd className="tabular text-lg font-semibold tracking-tight">{value}</dd>
    </div>
  )
}
