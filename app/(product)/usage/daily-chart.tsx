'use client'

import { useState } from 'react'

import { ChoiceGroup } from '@/app/_components/choice-group'

import { roundTop } from './chart-scale'
import type { Sums } from './usage-sums'

type Day = Sums & { day: string }

const MEASURES = [
  { value: 'tokens', label: 'Tokens' },
  { value: 'characters', label: 'Characters' },
  { value: 'requests', label: 'Requests' },
] as const

const COUNT = new Intl.NumberFormat('en')
const AXIS = new Intl.NumberFormat('en', { notation: 'compact' })
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Bars for the days of a month; the same numbers stand in a table below, for readers who do not see them. */
export function DailyChart({ days }: { days: readonly Day[] }) {
  const [measure, setMeasure] = useState('tokens')
  const label = MEASURES.find(({ value }) => value === measure)?.label ?? ''
  const values = days.map((day) => valueOf(day, measure))
  const top = roundTop(Math.max(0, ...values))
  return (
    <figure aria-label={`${label} by day`}>
      <div className="mb-4">
        <ChoiceGroup label="Show" value={measure} options={MEASURES} onChange={setMeasure} />
      </div>
      {/* The drawing stretches with the page; its labels, which must not, stand around it. */}
      <div aria-hidden className="grid grid-cols-[2.5rem_1fr] gap-x-2 text-[0.8rem] text-muted tabular">
        <div className="flex h-48 flex-col justify-between text-right leading-none">
          {[top, top / 2, 0].map((line) => (
            <span key={line}>{AXIS.format(line)}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${days.length} 100`} preserveAspectRatio="none" className="h-48 w-full overflow-visible py-[0.4rem]">
          {[0, 50, 100].map((line) => (
            <line key={line} x1={0} x2={days.length} y1={line} y2={line} vectorEffect="non-scaling-stroke" className="stroke-line" />
          ))}
          {days.map(({ day }, index) => {
            const value = values[index] ?? 0
            const height = value === 0 ? 0 : Math.max(1, (value / top) * 100)
            return (
              <g key={day} className="group">
                <rect x={index} y={0} width={1} height={100} className="fill-transparent group-hover:fill-hover" />
                <rect x={index + 0.2} y={100 - height} width={0.6} height={height} className="fill-accent" />
                <title>{`${DATE.format(new Date(day))}: ${COUNT.format(value)}`}</title>
              </g>
            )
          })}
        </svg>
        <div className="col-start-2 mt-1.5 flex">
          {days.map(({ day }, index) => (
            <span key={day} className="w-0 flex-1 overflow-visible text-center whitespace-nowrap">
              {(index === 0 || (index + 1) % 5 === 0) && index + 1}
            </span>
          ))}
        </div>
      </div>
      <details className="mt-3 text-[0.93rem]">
        <summary className="w-fit cursor-pointer rounded font-medium text-muted hover:text-ink">Show as a table</summary>
        <table className="tabular mt-3 w-full max-w-sm text-left">
          <thead className="text-[0.83rem] text-muted">
            <tr>
              <th scope="col" className="font-medium">
                Day
              </th>
              <th scope="col" className="text-right font-medium">
                {label}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day }, index) => (
              <tr key={day} className="border-t border-line">
                <th scope="row" className="py-1 font-normal">
                  {DATE.format(new Date(day))}
                </th>
                <td className="text-right">{COUNT.format(values[index] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

function valueOf(day: Day, measure: string): number {
  if (measure === 'characters') return day.characters
  if (measure === 'requests') return day.requests
  return day.promptTokens + day.completionTokens
}
