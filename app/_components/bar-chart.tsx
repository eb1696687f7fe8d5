import type { ReactNode } from 'react'

import { roundTop } from './chart-scale'

export interface Bar {
  key: string
  name: string
  value: number
}

interface BarChartProps {
  /** What is measured, as the table's heading. */
  label: string
  /** What a bar stands for: a day, a month. */
  unit: string
  bars: readonly Bar[]
  /** As many names have room below the bars, on a phone too. */
  room: number
  written: (value: number) => string
  axis: (value: number) => string
  /** Stands above the drawing. */
  children?: ReactNode
}

/** Bars; the same numbers stand in a table below, for readers who do not see them. */
export function BarChart({ label, unit, bars, room, written, axis, children }: BarChartProps) {
  const top = roundTop(Math.max(0, ...bars.map(({ value }) => value)))
  const every = Math.max(1, Math.ceil(bars.length / room))
  return (
    <figure aria-label={`${label} by ${unit.toLowerCase()}`}>
      {children}
      {/* The drawing stretches with the page; its labels, which must not, stand around it. */}
      <div aria-hidden className="grid grid-cols-[3rem_1fr] gap-x-2 text-[0.8rem] text-muted tabular">
        <div className="flex h-48 flex-col justify-between text-right leading-none">
          {[top, top / 2, 0].map((line) => (
            <span key={line}>{axis(line)}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${bars.length} 100`} preserveAspectRatio="none" className="h-48 w-full overflow-visible py-[0.4rem]">
          {[0, 50, 100].map((line) => (
            <line key={line} x1={0} x2={bars.length} y1={line} y2={line} vectorEffect="non-scaling-stroke" className="stroke-line" />
          ))}
          {bars.map(({ key, name, value }, index) => {
            const height = value === 0 ? 0 : Math.max(1, (value / top) * 100)
            return (
              <g key={key} className="group">
                <rect x={index} y={0} width={1} height={100} className="fill-transparent group-hover:fill-hover" />
                <rect x={index + 0.2} y={100 - height} width={0.6} height={height} className="fill-accent" />
                <title>{`${name}: ${written(value)}`}</title>
              </g>
            )
          })}
        </svg>
        <div className="col-start-2 mt-1.5 flex">
          {bars.map(({ key, name }, index) => (
            <span key={key} className="flex w-0 flex-1 justify-center overflow-visible whitespace-nowrap">
              {index % every === 0 && name}
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
                {unit}
              </th>
              <th scope="col" className="text-right font-medium">
                {label}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ key, name, value }) => (
              <tr key={key} className="border-t border-line">
                <th scope="row" className="py-1 font-normal">
                  {name}
                </th>
                <td className="text-right">{written(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
