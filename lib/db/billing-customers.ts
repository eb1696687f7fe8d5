import type { Plan } from '@/lib/domain/plans'
import type { BillingCustomer as BillingCustomerRow } from './generated/client'
import { withOperator, withTenant } from './tenant'

/** What Stripe says of an organisation's subscription. */
export interface Subscription {
  subscriptionId: string | null
  /** Stripe's word: active, trialing, past_due, unpaid, canceled, …; null where there never was a subscription. */
  status: string | null
  /** What it gives; null for nothing. */
  plan: Plan | null
  periodStart: Date | null
  periodEnd: Date | null
  cancelAtPeriodEnd: boolean
}

export interface BillingCustomer extends Subscription {
  orgId: string
  /** Stripe's id of the organisation. */
  customerId: string
}

/** As the tenant; null where Stripe does not know the organisation. */
export async function findBillingCustomer(orgId: string): Promise<BillingCustomer | null> {
  const row = await withTenant(orgId, (tx) => tx.billingCustomer.findUnique({ where: { orgId } }))
  return row && fromRow(row)
}

/** As the operator: by Stripe's id. */
export async function findBillingCustomerOf(customerId: string): Promise<BillingCustomer | null> {
  const row = await withOperator((tx) => tx.billingCustomer.findUnique({ where: { customerId } }))
  return row && fromRow(row)
}

/** As the operator: keeps the first customer of an organisation and returns it. */
export async function addBillingCustomer(orgId: string, customerId: string): Promise<BillingCustomer> {
  const row = await withOperator(async (tx) => {
    await tx.billingCustomer.createMany({ data: { orgId, customerId }, skipDuplicates: true })
    return tx.billingCustomer.findUniqueOrThrow({ where: { orgId } })
  })
  return fromRow(row)
}

/** As the operator: a ticket for the state that is fetched next; a later ticket means a newer state. Null where the customer is unknown. */
export async function drawSyncTicket(orgId: string): Promise<bigint | null> {
  const rows = await withOperator(
    (tx) => tx.$queryRaw<{ ticket: bigint }[]>`
      UPDATE billing_customers SET sync_ticket = sync_ticket + 1 WHERE org_id = ${orgId}::uuid RETURNING sync_ticket AS ticket`,
  )
  return rows[0]?.ticket ?? null
}

/**
 * As the operator: keeps a state and moves the organisation to the plan that it gives, in one
 * transaction. `gives` is what it gives now, free for nothing; null changes no plan. A plan is only
 * moved when what the subscription gives has changed, and only what it gave is taken back: a plan
 * that the operator set by hand stays. Null where a newer state was kept before.
 */
export async function applySubscription(
  orgId: string,
  ticket: bigint,
  subscription: Omit<Subscription, 'plan'>,
  gives: Plan | null,
): Promise<{ before: Plan; after: Plan } | null> {
  return withOperator(async (tx) => {
    const [customer] = await tx.$queryRaw<{ plan: Plan | null; synced_ticket: bigint }[]>`
      SELECT plan::text AS plan, synced_ticket FROM billing_customers WHERE org_id = ${orgId}::uuid FOR UPDATE`
    if (customer === undefined || customer.synced_ticket >= ticket) return null
    const { plan: before } = await tx.organization.findUniqueOrThrow({ where: { id: orgId } })
    const gave = customer.plan ?? 'free'
    const moves = gives !== null && gives !== gave && (gives !== 'free' || before === gave)
    const plan = gives === null ? customer.plan : gives === 'free' ? null : gives
    await tx.billingCustomer.update({ where: { orgId }, data: { ...subscription, plan, syncedTicket: ticket, updatedAt: new Date() } })
    if (moves) await tx.organization.update({ where: { id: orgId }, data: { plan: gives } })
    return { before, after: moves ? gives : before }
  })
}

function fromRow(row: BillingCustomerRow): BillingCustomer {
  const { orgId, customerId, subscriptionId, status, plan, periodStart, periodEnd, cancelAtPeriodEnd } = row
  return { orgId, customerId, subscriptionId, status, plan, periodStart, periodEnd, cancelAtPeriodEnd }
}
