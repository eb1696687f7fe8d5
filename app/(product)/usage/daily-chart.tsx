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

const WIDTH = 720
const HEIGHT = 200
const LEFT = 44
const BOTTOM = 24
const TOP = 8

/** Bars for the days of a month; the same numbers stand in a table below, for readers who do not see them. */
export function DailyChart({ days }: { days: readonly Day[] }) {
  const [measure, setMeasure] = useState('tokens')
  const label = MEASURES.find(({ value }) => value === measure)?.label ?? ''
  const values = days.map((day) => valueOf(day, measure))
  const top = roundTop(Math.max(0, ...values))
  const step = (WIDTH - LEFT) / days.length
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)

  return (
    <figure aria-label={`${label} by day`}>
      <div className="mb-4">
        <ChoiceGroup label="Show" value={measure} options={MEASURES} onChange={setMeasure} />
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden className="h-auto w-full overflow-visible">
        {[0, top / 2, top].map((line) => (
          <g key={line}>
            <line x1={LEFT} x2={WIDTH} y1={y(line)} y2={y(line)} className="stroke-line" />
            <text x={LEFT - 8} y={y(line) + 4} textAnchor="end" className="tabular fill-muted text-[12px]">
              {AXIS.format(line)}
            </text>
          </g>
        ))}
        {days.map(({ day }, index) => {
          const value = values[index] ?? 0
          const x = LEFT + index * step
          const height = value === 0 ? 0 : Math.max(2, y(0) - y(value))
          return (
            <g key={day} className="group">
              <rect x={x} y={TOP} width={step} height={y(0) - TOP} className="fill-transparent group-hover:fill-hover" />
              <rect x={x + step * 0.18} y={y(0) - height} width={step * 0.64} height={height} rx={2} className="fill-accent" />
              <title>{`${DATE.format(new Date(day))}: ${COUNT.format(value)}`}</title>
              {(index === 0 || (index + 1) % 5 === 0) && (
                <text x={x + step / 2} y={HEIGHT - 6} textAnchor="middle" className="tabular fill-muted text-[12px]">
                  {index + 1}
                </text>
              )}
            </g>
          )
        })}
      </svg>
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
