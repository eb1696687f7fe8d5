import { showMicros } from '@/lib/domain/money'

import type { Row } from './usage-sums'

interface UsageTableProps {
  heading: string
  rows: readonly Row[]
  currency: string
}

const COUNT = new Intl.NumberFormat('en')

const COLUMNS = ['Requests', 'Cost', 'Tokens', 'Characters']

export function UsageTable({ heading, rows, currency }: UsageTableProps) {
  if (rows.length === 0) return <p className="text-muted">Nothing was used in this time.</p>
  return (
    <div className="-mx-1 overflow-x-auto px-1" tabIndex={0} role="region" aria-label={`Usage by ${heading.toLowerCase()}`}>
      <table className="tabular w-full text-right text-[0.93rem]">
        <thead className="text-[0.83rem] text-muted">
          <tr>
            <th scope="col" className="pb-2 text-left font-medium">
              {heading}
            </th>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className="pb-2 pl-4 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, requests, tokens, characters, cost }) => (
            <tr key={name} className="border-t border-line">
              <th scope="row" title={name} className="max-w-36 truncate py-2 text-left font-normal sm:max-w-48">
                {name}
              </th>
              <td className="pl-4">{COUNT.format(requests)}</td>
              <td className="pl-4">{showMicros(BigInt(cost), currency)}</td>
              <td className="pl-4">{COUNT.format(tokens)}</td>
              <td className="pl-4">{COUNT.format(characters)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
