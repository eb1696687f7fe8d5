import { withOperator } from './tenant'

/** As the operator: whether a notice was dealt with before. */
export async function knowsStripeEvent(id: string): Promise<boolean> {
  return (await withOperator((tx) => tx.stripeEvent.findUnique({ where: { id } }))) !== null
}

/** As the operator. Harmless the second time. */
export async function rememberStripeEvent(id: string, type: string): Promise<void> {
  await withOperator((tx) => tx.stripeEvent.createMany({ data: { id, type }, skipDuplicates: true }))
}

/** As the operator: forgets notices that came before; Stripe repeats none of them any more. */
export async function pruneStripeEvents(before: Date): Promise<void> {
  await withOperator((tx) => tx.stripeEvent.deleteMany({ where: { receivedAt: { lt: before } } }))
}
