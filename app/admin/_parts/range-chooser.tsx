import Link from 'next/link'

import { Button } from '@/app/_components/button'
import { classNames } from '@/app/_components/class-names'

import { presets, queryOf, type DateRange } from './date-range'
import { FilterInput } from './filter-field'
import { withQuery } from './query'

interface RangeChooserProps {
  path: string
  range: DateRange
  /** What else the address says and is to go on saying. */
  kept?: Record<string, string | undefined>
}

/** The usual ranges as links, and any other by its first and last day. */
export function RangeChooser({ path, range, kept = {} }: RangeChooserProps) {
  const current = queryOf(range)
  return (
    <div className="flex flex-wrap items-end gap-x-5 gap-y-3">
      <nav aria-label="Range" className="inline-flex max-w-full overflow-x-auto rounded-lg border border-line bg-sunken p-0.5">
        {presets().map(({ name, range: preset }) => {
          const query = queryOf(preset)
          const chosen = query.from === current.from && query.to === current.to
          return (
            <Link
              key={name}
              href={withQuery(path, { ...kept, ...query })}
              aria-current={chosen ? 'true' : undefined}
              className={classNames(
                'flex h-8 items-center rounded-md px-2.5 text-[0.87rem] font-medium whitespace-nowrap transition-colors sm:px-3',
                chosen ? 'bg-surface text-ink shadow-card' : 'text-muted hover:text-ink',
              )}
            >
              {name}
            </Link>
          )
        })}
      </nav>
      <form className="flex flex-wrap items-end gap-2">
        {Object.entries(kept).map(([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />)}
        <FilterInput label="From" name="from" type="date" defaultValue={current.from} required />
        <FilterInput label="To" name="to" type="date" defaultValue={current.to} required />
        <Button type="submit" look="secondary">
          Show
        </Button>
      </form>
    </div>
  )
}
