import type Stripe from 'stripe'
import { z } from 'zod'
import { AppError } from '@/lib/contract/errors'
import { findBillingCustomerOf } from '@/lib/db/billing-customers'
import { knowsStripeEvent, rememberStripeEvent } from '@/lib/db/stripe-events'
import type { StripeAccount } from './stripe-client'
import { syncSubscription } from './sync-subscription'

/** Notices after which a subscription may stand otherwise than before. */
const ABOUT_SUBSCRIPTIONS = /^(?:checkout\.session\.|customer\.subscription\.|invoice\.(?:paid|payment_))/u

const aboutCustomer = z.object({ customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]) })

/**
 * A webhook notice, as the raw body with Stripe's signature header. Only the customer is taken from
 * it; the state is fetched, so that a replayed, forged-late or out-of-order notice changes nothing
 * that Stripe would not say now. AppError invalid_request where the signature does not fit or is
 * older than five minutes. Rejects where Stripe cannot be asked: it then sends the notice again.
 */
export async function handleStripeNotice(account: StripeAccount, body: Uint8Array, signature: string | null): Promise<'handled' | 'known' | 'ignored'> {
  const event = verified(account, body, signature)
  if (await knowsStripeEvent(event.id)) return 'known'
  const about = ABOUT_SUBSCRIPTIONS.test(event.type) ? aboutCustomer.safeParse(event.data.object) : null
  const customer = about?.success === true ? await findBillingCustomerOf(about.data.customer) : null
  if (customer !== null) await syncSubscription(account, customer.orgId)
  // Remembered afterwards: a notice whose handling failed must be handled when it comes again.
  await rememberStripeEvent(event.id, event.type)
  return customer === null ? 'ignored' : 'handled'
}

function verified({ client, webhookSecret }: StripeAccount, body: Uint8Array, signature: string | null): Stripe.Event {
  if (webhookSecret === null) throw new AppError('not_found', 'Stripe webhooks are not set up here.')
  if (signature === null) throw new AppError('invalid_request', 'The Stripe-Signature header is missing.')
  try {
    return client.webhooks.constructEvent(Buffer.from(body), signature, webhookSecret)
  } catch (cause) {
    throw new AppError('invalid_request', 'The signature does not fit the notice, or the notice is too old.', { cause })
  }
}
