import { roundTop } from '@/app/(product)/usage/chart-scale'
import type { UsageOnDay } from '@/lib/db/operator-usage'

import { MEASURES, type Measure } from './measures'

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Bars for the days; the same numbers stand in a table below, for readers who do not see them. */
export function DayChart({ days, measure }: { days: readonly UsageOnDay[]; measure: Measure }) {
  const { label, valueOf, format, short } = MEASURES[measure]
  const values = days.map(valueOf)
  const top = roundTop(Math.max(0, ...values))
  // Dates of about five days have room on a phone too.
  const step = Math.max(1, Math.ceil(days.length / 5))
  return (
    <figure aria-label={`${label} by day`}>
      <div aria-hidden className="tabular grid grid-cols-[3rem_1fr] gap-x-2 text-[0.8rem] text-muted">
        <div className="flex h-44 flex-col justify-between text-right leading-none">
          {[top, top / 2, 0].map((line) => (
            <span key={line}>{short(line)}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${days.length} 100`} preserveAspectRatio="none" className="h-44 w-full overflow-visible py-[0.4rem]">
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
                <title>{`${DATE.format(new Date(day))}: ${format(value)}`}</title>
              </g>
            )
          })}
        </svg>
        <div className="col-start-2 mt-1.5 flex">
          {days.map(({ day }, index) => (
            <span key={day} className="flex w-0 flex-1 justify-start overflow-visible whitespace-nowrap">
              {index % step === 0 && DATE.format(new Date(day))}
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
                <td className="text-right">{format(values[index] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
