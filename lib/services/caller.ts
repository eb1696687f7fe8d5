import type { Plan } from '@/lib/domain/plans'

/** The tokens that a tenant's keys may use in a minute; whoever takes some of them notes what is left. */
export interface TokenRate {
  readonly limit: number
  remaining: number
}

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
