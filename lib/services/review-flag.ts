import { AppError } from '@/lib/contract/errors'
import { reviewModerationFlag } from '@/lib/db/moderation-flags'
import { recordByOperator, type Operator } from './operator'

/** Marks what a tenant's moderation found as looked at, or as open again. AppError not_found where the tenant has no such flag. */
export async function reviewFlag(operator: Operator & { userId: string }, flag: { orgId: string; id: string }, reviewed: boolean): Promise<void> {
  if (!(await reviewModerationFlag(flag.orgId, flag.id, operator.userId, reviewed))) throw new AppError('not_found', 'There is no such flag.')
  await recordByOperator(operator, flag.orgId, reviewed ? 'flag.reviewed' : 'flag.reopened', flag.id)
}
