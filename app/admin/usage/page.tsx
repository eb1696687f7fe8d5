import Download from 'lucide-react/icons/download'
import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'

import { PageBody, Section } from '@/app/(product)/_shell/page-body'
import { Button, buttonClasses } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'
import { operatorSession } from '@/app/_server/operator-session'
import { overallUsage, overallUsageBy, overallUsageByDay, USAGE_GROUPS, usedModels } from '@/lib/db/operator-usage'

import { queryOf, rangeOf } from '../_parts/date-range'
import { DayChart } from '../_parts/day-chart'
import { FigureCard } from '../_parts/figure-card'
import { FilterSelect } from '../_parts/filter-field'
import { count, money } from '../_parts/formats'
import { MeasureChooser } from '../_parts/measure-chooser'
import { isMeasure, type Measure } from '../_parts/measures'
import { singleParams, withQuery, type SearchParams } from '../_parts/query'
import { RangeChooser } from '../_parts/range-chooser'
import { RankTable } from '../_parts/rank-table'
import { GROUP_NAMES, rankedUsage } from '../_parts/ranked-usage'

export const metadata: Metadata = { title: 'Usage and revenue' }

const PATH = '/admin/usage'
const SHOWN = 100

export default async function UsagePage({ searchParams }: { searchParams: SearchParams }) {
  await operatorSession()
  const params = await singleParams(searchParams)
  const range = rangeOf(params)
  const measure: Measure = isMeasure(params['show']) ? params['show'] : 'revenue'
  const group = z.enum(USAGE_GROUPS).catch('tenant').parse(params['by'])
  const model = params['model'] === '' ? undefined : params['model']
  const selection = { ...range, model }
  const [totals, days, rows, models] = await Promise.all([
    overallUsage(selection),
    overallUsageByDay(selection),
    overallUsageBy(group, selection, SHOWN),
    usedModels(range),
  ])
  const query = { ...queryOf(range), show: measure, by: group, model }
  return (
    <PageBody
      title="Usage and revenue"
      width="wide"
      description="Everything that tenants used, in the browser and through the API, at the prices that were valid then. Days are UTC."
      action={
        <a href={withQuery('/api/admin/usage', { ...queryOf(range), by: group, model })} download className={buttonClasses('secondary')}>
          <Download aria-hidden className="size-4" />
          CSV
        </a>
      }
    >
      <div className="mb-5 flex flex-wrap items-end gap-x-5 gap-y-3">
        <RangeChooser path={PATH} range={range} kept={{ show: measure, by: group, model }} />
        {models.length > 1 && (
          <form className="flex items-end gap-2">
            {Object.entries(query).map(([name, value]) => name !== 'model' && value !== undefined && <input key={name} type="hidden" name={name} value={value} />)}
            <FilterSelect label="Model" name="model" defaultValue={model ?? ''}>
              <option value="">Every model</option>
              {models.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </FilterSelect>
            <Button type="submit" look="secondary">
              Filter
            </Button>
          </form>
        )}
      </div>
      <dl className="mb-6 grid grid-cols-2 gap-3 md:grid-cols-5">
        <FigureCard label="Revenue" value={money(totals.costMicros)} />
        <FigureCard label="Tokens" value={count(totals.promptTokens + totals.completionTokens)} />
        <FigureCard label="Characters" value={count(totals.characters)} />
        <FigureCard label="Requests" value={count(totals.requests)} />
        <FigureCard label="Active tenants" value={count(totals.tenants)} />
      </dl>
      <Section title="By day" action={<MeasureChooser measure={measure} hrefOf={(show) => withQuery(PATH, { ...query, show })} />}>
        <DayChart days={days} measure={measure} />
      </Section>
      <Section
        title={`By ${GROUP_NAMES[group].toLowerCase()}`}
        {...(rows.length === SHOWN ? { description: `The ${SHOWN} with the highest revenue; the CSV has all.` } : {})}
        action={
          <nav aria-label="Group by" className="inline-flex max-w-full overflow-x-auto rounded-lg border border-line bg-sunken p-0.5">
            {USAGE_GROUPS.map((name) => (
              <Link
                key={name}
                href={withQuery(PATH, { ...query, by: name })}
                scroll={false}
                aria-current={name === group ? 'true' : undefined}
                className={classNames(
                  'flex h-8 items-center rounded-md px-2.5 text-[0.87rem] font-medium transition-colors',
                  name === group ? 'bg-surface text-ink shadow-card' : 'text-muted hover:text-ink',
                )}
              >
                {GROUP_NAMES[name]}
              </Link>
            ))}
          </nav>
        }
      >
        <RankTable heading={GROUP_NAMES[group]} rows={rankedUsage(group, rows)} measure={measure} />
      </Section>
    </PageBody>
  )
}
