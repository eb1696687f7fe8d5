'use client'

import { useState } from 'react'

import { ChoiceGroup } from '@/app/_components/choice-group'
import { showMicros } from '@/lib/domain/money'

import { roundTop } from './chart-scale'
import type { Point } from './usage-sums'

const MEASURES = [
  { value: 'tokens', label: 'Tokens' },
  { value: 'characters', label: 'Characters' },
  { value: 'requests', label: 'Requests' },
  { value: 'cost', label: 'Cost' },
] as const

type Measure = (typeof MEASURES)[number]['value']

const COUNT = new Intl.NumberFormat('en')
const AXIS = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

interface UsageChartProps {
  points: readonly Point[]
  step: 'day' | 'month'
  currency: string
}

/** Bars for days or months; the same numbers stand in a table below, for readers who do not see them. */
export function UsageChart({ points, step, currency }: UsageChartProps) {
  const [measure, setMeasure] = useState<Measure>('tokens')
  const label = MEASURES.find(({ value }) => value === measure)?.label ?? ''
  const top = roundTop(Math.max(0, ...points.map((point) => point[measure])))
  const written = (value: number): string => (measure === 'cost' ? showMicros(BigInt(Math.round(value)), currency) : COUNT.format(value))
  const axis = (value: number): string => AXIS.format(measure === 'cost' ? value / 1e6 : value)
  const dateOf = ({ day }: Point): string => (step === 'day' ? DAY : MONTH).format(new Date(day))
  const labels = new Set(labelled(points.length, step))
  return (
    <figure aria-label={`${label} by ${step}`}>
      <div className="mb-4">
        <ChoiceGroup label="Show" value={measure} options={MEASURES} onChange={(value) => setMeasure(MEASURES.find((option) => option.value === value)?.value ?? 'tokens')} />
      </div>
      {/* The drawing stretches with the page; its labels, which must not, stand around it. */}
      <div aria-hidden className="grid grid-cols-[3rem_1fr] gap-x-2 text-[0.8rem] text-muted tabular">
        <div className="flex h-48 flex-col justify-between text-right leading-none">
          {[top, top / 2, 0].map((line) => (
            <span key={line}>{axis(line)}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${points.length} 100`} preserveAspectRatio="none" className="h-48 w-full overflow-visible py-[0.4rem]">
          {[0, 50, 100].map((line) => (
            <line key={line} x1={0} x2={points.length} y1={line} y2={line} vectorEffect="non-scaling-stroke" className="stroke-line" />
          ))}
          {points.map((point, index) => {
            const value = point[measure]
            const height = value === 0 ? 0 : Math.max(1, (value / top) * 100)
            return (
              <g key={point.day} className="group">
                <rect x={index} y={0} width={1} height={100} className="fill-transparent group-hover:fill-hover" />
                <rect x={index + 0.2} y={100 - height} width={0.6} height={height} className="fill-accent" />
                <title>{`${dateOf(point)}: ${written(value)}`}</title>
              </g>
            )
          })}
        </svg>
        <div className="col-start-2 mt-1.5 flex">
          {points.map((point, index) => (
            <span key={point.day} className="flex w-0 flex-1 justify-center overflow-visible whitespace-nowrap">
              {labels.has(index) && dateOf(point)}
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
                {step === 'day' ? 'Day' : 'Month'}
              </th>
              <th scope="col" className="text-right font-medium">
                {label}
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.day} className="border-t border-line">
                <th scope="row" className="py-1 font-normal">
                  {dateOf(point)}
                </th>
                <td className="text-right">{written(point[measure])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

/** Which bars have their date below: as many as a phone has room for, evenly. */
function labelled(count: number, step: 'day' | 'month'): number[] {
  const room = step === 'day' ? 5 : 4
  const every = Math.max(1, Math.ceil(count / room))
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every)
}
