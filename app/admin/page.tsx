import type { Metadata } from 'next'
import Link from 'next/link'
import { headers } from 'next/headers'

import { PageBody, Section } from '@/app/(product)/_shell/page-body'
import { Notice } from '@/app/_components/notice'
import { operatorSession } from '@/app/_server/operator-session'
import { listFeatureSwitches } from '@/lib/db/feature-switches'
import { overallUsage, overallUsageBy, overallUsageByDay } from '@/lib/db/operator-usage'
import { liveStatus } from '@/lib/http/live-status'

import { LivePanel } from './_live/live-panel'
import { monthOf } from './_parts/date-range'
import { DayChart } from './_parts/day-chart'
import { FigureCard } from './_parts/figure-card'
import { count, money } from './_parts/formats'
import { MeasureChooser } from './_parts/measure-chooser'
import { isMeasure, type Measure } from './_parts/measures'
import { singleParams, withQuery, type SearchParams } from './_parts/query'
import { RankTable } from './_parts/rank-table'
import { rankedUsage } from './_parts/ranked-usage'

export const metadata: Metadata = { title: 'Overview' }

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

export default async function OverviewPage({ searchParams }: { searchParams: SearchParams }) {
  await operatorSession()
  // The figures are of now: nothing of this page is made before it is asked for.
  await headers()
  const params = await singleParams(searchParams)
  const measure: Measure = isMeasure(params['show']) ? params['show'] : 'tokens'
  const month = monthOf(new Date(), 0)
  const [live, totals, before, days, tenants, models, switches] = await Promise.all([
    liveStatus(AbortSignal.timeout(3000)),
    overallUsage(month),
    overallUsage(monthOf(new Date(), -1)),
    overallUsageByDay(month),
    overallUsageBy('tenant', month, 8),
    overallUsageBy('model', month, 8),
    listFeatureSwitches(),
  ])
  const off = switches.filter(({ enabled }) => !enabled)
  const then = (value: string): string => `${value} in the month before`
  return (
    <PageBody title="Overview" width="wide" description={`${MONTH.format(month.from)}, over all tenants.`}>
      {off.length > 0 && (
        <div className="mb-5">
          <Notice
            tone="warning"
            action={
              <Link href="/admin/switches" className="font-medium underline underline-offset-3">
                Switches
              </Link>
            }
          >
            Turned off for everybody: {off.map(({ name }) => name.replaceAll('_', ' ')).join(', ')}.
          </Notice>
        </div>
      )}
      <dl className="mb-6 grid grid-cols-2 gap-3 md:grid-cols-5">
        <FigureCard label="Revenue" value={money(totals.costMicros)} note={then(money(before.costMicros))} />
        <FigureCard label="Tokens" value={count(totals.promptTokens + totals.completionTokens)} note={then(count(before.promptTokens + before.completionTokens))} />
        <FigureCard label="Characters" value={count(totals.characters)} note={then(count(before.characters))} />
        <FigureCard label="Requests" value={count(totals.requests)} note={then(count(before.requests))} />
        <FigureCard label="Active tenants" value={count(totals.tenants)} note={then(count(before.tenants))} />
      </dl>
      <LivePanel initial={live} />
      <Section title="By day" action={<MeasureChooser measure={measure} hrefOf={(show) => withQuery('/admin', { show })} />}>
        <DayChart days={days} measure={measure} />
      </Section>
      <div className="grid grid-cols-1 items-start gap-x-6 xl:grid-cols-2">
        <Section title="Top tenants">
          <RankTable heading="Tenant" rows={rankedUsage('tenant', tenants)} measure={measure} />
        </Section>
        <Section title="Top models">
          <RankTable heading="Model" rows={rankedUsage('model', models)} measure={measure} />
        </Section>
      </div>
    </PageBody>
  )
}
