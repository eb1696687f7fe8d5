import type { ReactNode } from 'react'

import { PLAN_NAMES, PLANS, type Plan, type PlanLimits } from '@/lib/domain/plans'

const COUNT = new Intl.NumberFormat('en')

export const PLAN_TITLES: Record<Plan, string> = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' }

const ROWS: readonly { name: string; of: (limits: PlanLimits) => number | null; unit?: 'bytes' }[] = [
  { name: 'Tokens a month', of: ({ monthlyTokens }) => monthlyTokens },
  { name: 'Characters a month', of: ({ monthlyCharacters }) => monthlyCharacters },
  { name: 'Tokens a minute', of: ({ tokensPerMinute }) => tokensPerMinute },
  { name: 'Requests a minute', of: ({ requestsPerMinute }) => requestsPerMinute },
  { name: '… of one key', of: ({ keyRequestsPerMinute }) => keyRequestsPerMinute },
  { name: 'Tokens of a prompt', of: ({ promptTokens }) => promptTokens },
  { name: 'Tokens of an answer', of: ({ outputTokens }) => outputTokens },
  { name: 'Choices a request', of: ({ maxChoices }) => maxChoices },
  { name: 'Request size', of: ({ bodyBytes }) => bodyBytes, unit: 'bytes' },
]

function shown(value: number | null, unit?: 'bytes'): string {
  if (value === null) return 'No limit'
  if (unit !== 'bytes') return COUNT.format(value)
  return value >= 1024 * 1024 ? `${value / (1024 * 1024)} MiB` : `${value / 1024} KiB`
}

interface PlanCardsProps {
  current: Plan
  /** What can be done about a plan, below its limits. */
  action: (plan: Plan) => ReactNode
}

/** The plans beside each other; on a phone below each other, the current one first. */
export function PlanCards({ current, action }: PlanCardsProps) {
  return (
    <ul className="grid gap-4 md:grid-cols-3">
      {PLAN_NAMES.map((plan) => (
        <li key={plan} className={`flex flex-col rounded-xl border p-4 ${plan === current ? 'border-accent max-md:order-first' : 'border-line'}`}>
          <div className="mb-2 flex items-center justify-between gap-2">
            <h3 className="font-semibold">{PLAN_TITLES[plan]}</h3>
            {plan === current && <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-[0.8rem] font-medium text-accent-ink">Your plan</span>}
          </div>
          <dl className="tabular mb-3 text-[0.9rem]">
            {ROWS.map(({ name, of, unit }) => (
              <div key={name} className="flex items-baseline justify-between gap-3 py-1">
                <dt className="text-muted">{name}</dt>
                <dd className="shrink-0 text-right">{shown(of(PLANS[plan]), unit)}</dd>
              </div>
            ))}
          </dl>
          <div className="mt-auto empty:hidden">{action(plan)}</div>
        </li>
      ))}
    </ul>
  )
}
