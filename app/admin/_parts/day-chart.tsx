import { BarChart } from '@/app/_components/bar-chart'
import type { UsageOnDay } from '@/lib/db/operator-usage'

import { MEASURES, type Measure } from './measures'

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

export function DayChart({ days, measure }: { days: readonly UsageOnDay[]; measure: Measure }) {
  const { label, valueOf, format, short } = MEASURES[measure]
  const bars = days.map((day) => ({ key: day.day, name: DATE.format(new Date(day.day)), value: valueOf(day) }))
  return <BarChart label={label} unit="Day" bars={bars} room={5} written={format} axis={short} />
}
