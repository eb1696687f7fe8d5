import type { Plan } from '@/lib/domain/plans'
import type { TokenRate } from '@/lib/domain/rate-limits'

/** Whom a request is done for and billed to. */
export interface Caller {
  /** The answer's `x-request-id`, the key of its hold and of its usage event. */
  requestId: string
  orgId: string
  userId: string | null
  keyId: string | null
  plan: Plan
  /** Left out where no such limit holds: on the pages, and where the operator set none. */
  tokenRate?: TokenRate | undefined
}
