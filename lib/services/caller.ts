import type { Plan } from '@/lib/domain/plans'

/** Whom a request is done for and billed to. */
export interface Caller {
  /** The answer's `x-request-id`, the key of its hold and of its usage event. */
  requestId: string
  orgId: string
  userId: string | null
  keyId: string | null
  plan: Plan
}
