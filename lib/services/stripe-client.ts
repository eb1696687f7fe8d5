import Stripe from 'stripe'
import type { Env } from '@/lib/contract/env'
import type { Plan } from '@/lib/domain/plans'

/** Stripe's client and what this installation sells through it. */
export interface StripeAccount {
  client: Stripe
  /** Null where webhooks are not set up. */
  webhookSecret: string | null
  /** Price ids by plan; a plan without one cannot be bought. */
  prices: Partial<Record<Plan, string>>
  /** The metered price that is added to every subscription; null: usage is not charged through it. */
  usagePrice: string | null
  meterEventName: string
}

const TIMEOUT_MS = 20_000

/** Null without STRIPE_SECRET_KEY. */
export function stripeAccount(env: Env): StripeAccount | null {
  if (env.STRIPE_SECRET_KEY === undefined) return null
  return {
    client: new Stripe(env.STRIPE_SECRET_KEY, { timeout: TIMEOUT_MS, maxNetworkRetries: 2, telemetry: false, ...address(env.STRIPE_API_BASE) }),
    webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? null,
    prices: {
      ...(env.STRIPE_PRICE_PRO !== undefined && { pro: env.STRIPE_PRICE_PRO }),
      ...(env.STRIPE_PRICE_ENTERPRISE !== undefined && { enterprise: env.STRIPE_PRICE_ENTERPRISE }),
    },
    usagePrice: env.STRIPE_PRICE_USAGE ?? null,
    meterEventName: env.STRIPE_METER_EVENT,
  }
}

/** For a proxy or a test's own server. */
function address(base: string | undefined): { protocol?: 'http' | 'https'; host?: string; port?: string } {
  if (base === undefined) return {}
  const { protocol, hostname, port } = new URL(base)
  const http = protocol === 'http:'
  return { protocol: http ? 'http' : 'https', host: hostname, port: port === '' ? (http ? '80' : '443') : port }
}
