import { Notice } from '@/app/_components/notice'
import type { QuotaAlert } from '@/lib/db/budgets'
import { showMicros } from '@/lib/domain/money'

interface UsageAlertsProps {
  alerts: readonly QuotaAlert[]
  currency: string
}

const NAMES = { tokens: 'the tokens of this month', characters: 'the characters of this month', budget: 'this month’s budget' } as const

const COUNT = new Intl.NumberFormat('en')
const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** The highest threshold that each limit has reached this month. */
export function UsageAlerts({ alerts, currency }: UsageAlertsProps) {
  const highest = (['budget', 'tokens', 'characters'] as const).flatMap(
    (measure) => alerts.filter((alert) => alert.measure === measure).sort((a, b) => b.percent - a.percent)[0] ?? [],
  )
  if (highest.length === 0) return null
  return (
    <ul aria-label="Alerts" className="mb-6 space-y-2">
      {highest.map(({ measure, percent, used, limit, at }) => {
        const show = (value: bigint): string => (measure === 'budget' ? showMicros(value, currency) : COUNT.format(value))
        return (
          <li key={measure}>
            <Notice tone={percent >= 80 ? 'warning' : 'note'}>
              {percent} % of {NAMES[measure]} was reached on {TIME.format(at)} UTC: {show(used)} of {show(limit)}.
            </Notice>
          </li>
        )
      })}
    </ul>
  )
}
