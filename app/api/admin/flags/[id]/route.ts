import { flagReviewBody } from '@/lib/contract/admin'
import { operatorRoute } from '@/lib/http/operator-route'
import { reviewFlag } from '@/lib/services/review-flag'

/** Marks a flag as looked at, or as open again. */
export const PATCH = operatorRoute(async ({ operator, params, json, reply }) => {
  const { orgId, reviewed } = await json(flagReviewBody)
  await reviewFlag(operator, { orgId, id: params['id'] ?? '' }, reviewed)
  return reply({ reviewed })
})
