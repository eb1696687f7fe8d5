import Link from 'next/link'

import type { UsageTotals } from '@/lib/db/usage'

import { count, money } from './formats'
import { MEASURES, type Measure } from './measures'

export interface Ranked extends UsageTotals {
  key: string
  name: string
  note?: string | null
  href?: string | undefined
}

interface RankTableProps {
  heading: string
  rows: readonly Ranked[]
  /** What the bar behind each name shows. */
  measure: Measure
}

/** Sums by name, each with a bar of its share of the largest. */
export function RankTable({ heading, rows, measure }: RankTableProps) {
  if (rows.length === 0) return <p className="text-muted">Nothing was used in these days.</p>
  const { valueOf } = MEASURES[measure]
  const largest = Math.max(1, ...rows.map(valueOf))
  return (
    <div className="-mx-1 overflow-x-auto px-1" tabIndex={0} role="region" aria-label={`Usage by ${heading.toLowerCase()}`}>
      <table className="tabular w-full text-right text-[0.93rem]">
        <thead className="text-[0.83rem] text-muted">
          <tr>
            <th scope="col" className="pb-2 text-left font-medium">
              {heading}
            </th>
            {['Revenue', 'Tokens', 'Characters', 'Requests'].map((label) => (
              <th key={label} scope="col" className="pb-2 pl-4 font-medium">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="border-t border-line">
              <th scope="row" className="min-w-36 py-2 text-left font-normal">
                {row.href === undefined ? (
                  <span className="break-words">{row.name}</span>
                ) : (
                  <Link href={row.href} className="font-medium break-words hover:underline">
                    {row.name}
                  </Link>
                )}
                {row.note !== undefined && row.note !== null && <span className="block text-[0.83rem] text-muted">{row.note}</span>}
                <span aria-hidden className="mt-1 block h-1 rounded-full bg-hover">
                  <span className="block h-1 rounded-full bg-accent" style={{ width: `${(valueOf(row) / largest) * 100}%` }} />
                </span>
              </th>
              <td className="pl-4">{money(row.costMicros)}</td>
              <td className="pl-4">{count(row.promptTokens + row.completionTokens)}</td>
              <td className="pl-4">{count(row.characters)}</td>
              <td className="pl-4">{count(row.requests)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
