import { PLANS, type Plan } from './plans'

/** So many in so many seconds; a limit of 0 is none. A bucket holds one period's worth. */
export interface Rate {
  limit: number
  seconds: number
}

/** The tokens that a tenant's keys may use in a minute; whoever takes some of them notes what is left. */
export interface TokenRate {
  readonly limit: number
  remaining: number
}

/** Requests and tokens a minute of the public API; 0 is no limit. */
export interface PlanRates {
  /** Requests of one key, where it has no limit of its own. */
  key: number
  /** Requests of all keys of one tenant. */
  tenant: number
  /** Prompt and completion tokens of all keys of one tenant. */
  tokens: number
}

/** What one network address may do: requests with a valid key, requests without one, and the pages that anybody reaches. */
export const ADDRESS_RATES = {
  requests: { limit: 12_000, seconds: 60 },
  failures: { limit: 300, seconds: 60 },
  'sign-in': { limit: 600, seconds: 600 },
  'sign-up': { limit: 600, seconds: 3600 },
  'password-reset': { limit: 60, seconds: 3600 },
  invitations: { limit: 300, seconds: 3600 },
} as const satisfies Record<string, Rate>

export type AddressRate = keyof typeof ADDRESS_RATES

export interface RateLimits {
  plans: Record<Plan, PlanRates>
  address: Record<AddressRate, Rate>
}

/** Limits as an operator sets them beside the defaults; the periods stay. */
export interface RateOverrides {
  plans?: Partial<Record<Plan, Partial<PlanRates> | undefined>>
  address?: Partial<Record<AddressRate, number>> | undefined
}

export function rateLimits({ plans = {}, address = {} }: RateOverrides = {}): RateLimits {
  const ofPlan = (plan: Plan): PlanRates => {
    const { keyRequestsPerMinute: key, requestsPerMinute: tenant, tokensPerMinute: tokens } = PLANS[plan]
    return { key, tenant, tokens, ...plans[plan] }
  }
  const ofAddress = (kind: AddressRate): Rate => ({ limit: address[kind] ?? ADDRESS_RATES[kind].limit, seconds: ADDRESS_RATES[kind].seconds })
  return {
    plans: { free: ofPlan('free'), pro: ofPlan('pro'), enterprise: ofPlan('enterprise') },
    address: {
      requests: ofAddress('requests'),
      failures: ofAddress('failures'),
      'sign-in': ofAddress('sign-in'),
      'sign-up': ofAddress('sign-up'),
      'password-reset': ofAddress('password-reset'),
      invitations: ofAddress('invitations'),
    },
  }
}
