import { AppError } from '@/lib/contract/errors'
import { serverContext } from '@/lib/http/server-context'
import { publicAddress } from '@/lib/mail/public-address'
import { stripeAccount, type StripeAccount } from '@/lib/services/stripe-client'

/** Where Stripe's pages lead back to. */
export function billingPage(): string {
  return `${publicAddress(serverContext().env)}/settings/billing`
}

/** AppError `invalid_request` where this installation takes no payments. */
export function requireStripe(): StripeAccount {
  const account = stripeAccount(serverContext().env)
  if (account === null) throw new AppError('invalid_request', 'This installation takes no payments: billing is by monthly statement. Ask the operator to change your plan.')
  return account
}
