import { Progress } from '@/app/_components/progress'

interface LimitBarProps {
  title: string
  explanation: string
  used: number
  /** null: unlimited. */
  limit: number | null
  /** How a number of it is written; by default as a count. */
  show?: (value: number) => string
  /** What happens at the limit. */
  atLimit?: string
}

const COUNT = new Intl.NumberFormat('en')

/** What was used against what may be; the colour changes from four fifths on. */
export function LimitBar({ title, explanation, used, limit, show = (value) => COUNT.format(value), atLimit }: LimitBarProps) {
  const share = limit === null ? null : limit === 0 ? 1 : used / limit
  const tone = share === null || share < 0.8 ? 'accent' : share < 1 ? 'warning' : 'danger'
  return (
    <section aria-label={title} className="rounded-xl border border-line bg-surface p-5">
      <h2 className="text-[0.93rem] font-medium text-muted">{title}</h2>
      <p className="mt-1 mb-3 flex flex-wrap items-baseline gap-x-2">
        <span className="tabular text-2xl font-semibold tracking-tight" data-used={used}>
          {show(used)}
        </span>
        <span className="tabular text-muted">{limit === null ? 'without a limit' : `of ${show(limit)}`}</span>
      </p>
      {share !== null && <Progress label={`${title} used`} share={share} tone={tone} />}
      <p className="mt-3 text-[0.87rem] text-muted">
        {share !== null && share >= 1 ? (atLimit ?? 'Used up: requests are refused until the next month.') : explanation}
      </p>
    </section>
  )
}
