import { Notice } from '@/app/_components/notice'
import type { BillingCustomer } from '@/lib/db/billing-customers'

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/** What is to be known or done about the payment; nothing where all is well. */
export function PaymentState({ customer }: { customer: BillingCustomer }) {
  const { status, cancelAtPeriodEnd, periodEnd } = customer
  switch (status) {
    case 'past_due':
      return <Notice tone="warning">The last payment failed. Stripe tries again in the next days; until then everything works. Check the payment method under “Manage payment”.</Notice>
    case 'unpaid':
    case 'paused':
      return <Notice tone="error">The subscription is {status}, so its plan’s limits do not hold. Pay the open invoice under “Manage payment” to have them back.</Notice>
    case 'incomplete':
      return <Notice tone="warning">The first payment is not confirmed yet. The plan begins when it is.</Notice>
    case 'active':
    case 'trialing':
      if (cancelAtPeriodEnd) {
        return <Notice tone="note">The subscription is cancelled and ends{periodEnd === null ? '' : ` on ${DATE.format(periodEnd)}`}. After that the plan is Free.</Notice>
      }
      return null
    case null:
    default:
      return null
  }
}
