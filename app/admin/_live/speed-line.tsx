import { roundTop } from '@/app/_components/chart-scale'

const POINTS = 60

/** Tokens a second over the last two minutes; the number itself stands above it. */
export function SpeedLine({ speeds }: { speeds: readonly (number | null)[] }) {
  const top = roundTop(Math.max(0, ...speeds.map((speed) => speed ?? 0)))
  const first = POINTS - speeds.length
  const points = speeds.map((speed, index) => `${first + index},${100 - ((speed ?? 0) / top) * 100}`).join(' ')
  return (
    <figure aria-label="Tokens a second over the last two minutes">
      <svg aria-hidden viewBox={`0 0 ${POINTS - 1} 100`} preserveAspectRatio="none" className="h-16 w-full overflow-visible">
        <line x1={0} x2={POINTS - 1} y1={100} y2={100} vectorEffect="non-scaling-stroke" className="stroke-line" />
        {speeds.length > 1 && <polyline points={points} fill="none" vectorEffect="non-scaling-stroke" className="stroke-accent" strokeWidth={1.5} />}
      </svg>
      <figcaption className="tabular mt-1 flex justify-between text-[0.8rem] text-muted">
        <span>two minutes ago</span>
        <span>up to {top} tokens a second</span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}
