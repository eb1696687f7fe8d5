import type { BudgetBody } from '@/lib/contract/billing'
import { AppError } from '@/lib/contract/errors'
import { readBudget, writeBudget } from '@/lib/db/budgets'
import { exactMicros, parseMicros } from '@/lib/domain/money'
import { auditAs, type Actor } from './actor'

/** Sets what an organisation means to spend in a month and when it is told. AppError `invalid_request` for an amount that is none. */
export async function changeBudget(actor: Actor, { limit, hardStop, alertPercents }: BudgetBody): Promise<void> {
  const limitMicros = limit === null ? null : parseMicros(limit)
  if (limit !== null && limitMicros === null) throw new AppError('invalid_request', 'An amount is written as in 25 or 0.50.', { param: 'limit' })
  const before = await readBudget(actor.orgId)
  await writeBudget(actor.orgId, { limitMicros, hardStop, alertPercents })
  await auditAs(actor, 'budget.changed', null, {
    before: before.limitMicros === null ? null : exactMicros(before.limitMicros),
    after: limitMicros === null ? null : exactMicros(limitMicros),
    hard_stop: hardStop,
    alert_percents: alertPercents.join(', '),
  })
}
