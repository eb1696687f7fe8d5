'use client'

import { useState } from 'react'

import { BarChart } from '@/app/_components/bar-chart'
import { ChoiceGroup } from '@/app/_components/choice-group'
import { showMicros } from '@/lib/domain/money'

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

/** What was used in each day or month, by the measure that is chosen above. */
export function UsageChart({ points, step, currency }: UsageChartProps) {
  const [measure, setMeasure] = useState<Measure>('tokens')
  const label = MEASURES.find(({ value }) => value === measure)?.label ?? ''
  const bars = points.map((point) => ({ key: point.day, name: (step === 'day' ? DAY : MONTH).format(new Date(point.day)), value: point[measure] }))
  return (
    <BarChart
      label={label}
      unit={step === 'day' ? 'Day' : 'Month'}
      bars={bars}
      room={step === 'day' ? 5 : 4}
      written={(value) => (measure === 'cost' ? showMicros(BigInt(Math.round(value)), currency) : COUNT.format(value))}
      axis={(value) => AXIS.format(measure === 'cost' ? value / 1e6 : value)}
    >
      <div className="mb-4">
        <ChoiceGroup label="Show" value={measure} options={MEASURES} onChange={(value) => setMeasure(MEASURES.find((option) => option.value === value)?.value ?? 'tokens')} />
      </div>
    </BarChart>
  )
}
