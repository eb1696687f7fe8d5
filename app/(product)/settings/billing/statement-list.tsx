import Download from 'lucide-react/icons/download'

import { buttonClasses } from '@/app/_components/button'
import { showMicros } from '@/lib/domain/money'

const COUNT = new Intl.NumberFormat('en')
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

export interface ListedStatement {
  /** As in 2026-11. */
  month: string
  costMicros: bigint
  requests: number
  running: boolean
}

interface StatementListProps {
  statements: readonly ListedStatement[]
  currency: string
}

export function StatementList({ statements, currency }: StatementListProps) {
  return (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {statements.map(({ month, costMicros, requests, running }) => {
        const name = MONTH.format(new Date(`${month}-01T00:00:00Z`))
        return (
          <li key={month} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5">
            <span className="min-w-0">
              <span className="block font-medium">{name}</span>
              <span className="tabular block text-[0.87rem] text-muted">
                {showMicros(costMicros, currency)}, {COUNT.format(requests)} {requests === 1 ? 'request' : 'requests'}
                {running && ', so far'}
              </span>
            </span>
            <span className="flex gap-2">
              {(['pdf', 'csv'] as const).map((format) => (
                <a key={format} href={`/api/statements/${month}.${format}`} download aria-label={`Statement of ${name} as ${format.toUpperCase()}`} className={buttonClasses('secondary', 'small')}>
                  <Download aria-hidden className="size-3.5" />
                  {format.toUpperCase()}
                </a>
              ))}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
