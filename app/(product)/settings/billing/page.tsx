import type { Metadata } from 'next'

import { pageSession } from '@/app/_server/page-session'
import { Notice } from '@/app/_components/notice'
import { findBillingCustomer } from '@/lib/db/billing-customers'
import { findOrganization } from '@/lib/db/organizations'
import { monthsOfUse } from '@/lib/db/statements'
import { can } from '@/lib/domain/permissions'
import { PLANS, type Plan } from '@/lib/domain/plans'
import { limitsOf, periodOf } from '@/lib/domain/quota'
import { serverContext } from '@/lib/http/server-context'
import { stripeAccount } from '@/lib/services/stripe-client'
import { isStanding } from '@/lib/services/sync-subscription'

import { Forbidden } from '../../_shell/forbidden'
import { PageBody, Section } from '../../_shell/page-body'
import { CheckoutReturn } from './checkout-return'
import { PaymentButton } from './payment-button'
import { PaymentState } from './payment-state'
import { PLAN_TITLES, PlanCards } from './plan-cards'
import { StatementList } from './statement-list'

export const metadata: Metadata = { title: 'Billing' }

const COUNT = new Intl.NumberFormat('en')

export default async function BillingPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const { orgId, orgName, role, plan } = await pageSession()
  if (!can(role, 'billing:read')) return <Forbidden what="Billing" />
  const { env } = serverContext()
  const account = stripeAccount(env)
  const [{ checkout }, customer, organization, used] = await Promise.all([searchParams, findBillingCustomer(orgId), findOrganization(orgId), monthsOfUse(orgId)])
  const current = periodOf(new Date()).start
  const months = used.some(({ month }) => month.getTime() === current.getTime()) ? used : [{ month: current, costMicros: 0n, requests: 0 }, ...used]
  const pays = can(role, 'billing:write')
  const standing = customer !== null && isStanding(customer.status)
  const own = organization === null ? null : limitsOf(organization)
  const agreed = own !== null && (own.tokens !== PLANS[plan].monthlyTokens || own.characters !== PLANS[plan].monthlyCharacters) ? own : null

  const action = (of: Plan) => {
    if (account === null || !pays || standing || of === plan || account.prices[of] === undefined) return null
    return <PaymentButton label={`Choose ${PLAN_TITLES[of]}`} path="/api/billing/checkout" body={{ plan: of }} />
  }

  return (
    <PageBody title="Billing" description={`The plan of ${orgName}, its payment and its monthly statements.`}>
      <div className="mb-6 space-y-3 empty:hidden">
        {account !== null && checkout === 'done' && <CheckoutReturn planBefore={plan} />}
        {checkout === 'cancelled' && <Notice tone="note">Nothing was paid, and nothing has changed.</Notice>}
        {customer !== null && account !== null && <PaymentState customer={customer} />}
      </div>
      <Section
        title="Plan"
        description={account === null ? 'Billing is by monthly statement. To change the plan, ask the operator of this installation.' : describePayment(pays, standing)}
        action={account !== null && pays && customer !== null ? <PaymentButton label="Manage payment" path="/api/billing/portal" look="secondary" /> : undefined}
      >
        {agreed !== null && (
          <p className="mb-4">
            Agreed with you for a month: {limit(agreed.tokens)} tokens and {limit(agreed.characters)} characters, in place of the plan’s.
          </p>
        )}
        <PlanCards current={plan} action={action} />
      </Section>
      <Section title="Statements" description="What was used, line by line, and what it cost. A month is a calendar month, UTC.">
        <StatementList
          currency={env.BILLING_CURRENCY}
          statements={months.map(({ month, costMicros, requests }) => ({ month: month.toISOString().slice(0, 7), costMicros, requests, running: month.getTime() === current.getTime() }))}
        />
      </Section>
    </PageBody>
  )
}

function describePayment(pays: boolean, standing: boolean): string {
  if (!pays) return 'Owners and billing can change it.'
  return standing ? 'Change or cancel it under “Manage payment”. Payment is by Stripe.' : 'Payment is by Stripe, on its own page.'
}

function limit(value: number | null): string {
  return value === null ? 'any number of' : COUNT.format(value)
}
