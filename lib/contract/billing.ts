import { z } from 'zod'

export const checkoutBody = z.object({ plan: z.enum(['pro', 'enterprise']) })

/** A page of the payment service to go to. */
export const linkAnswer = z.object({ url: z.url() })

/** What the subscription stands at, after the payment service was asked. */
export const billingState = z.object({ plan: z.string(), status: z.string().nullable() })

export const budgetBody = z.object({
  /** Currency units a month as a decimal; null: no budget. */
  limit: z.string().regex(/^\d{1,9}(\.\d{1,6})?$/u, 'An amount is written as in 25 or 0.50.').nullable(),
  hardStop: z.boolean(),
  alertPercents: z.array(z.number().int().min(1).max(1000)).max(10),
})
export type BudgetBody = z.infer<typeof budgetBody>

const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => new Date(text))

/** `to` is exclusive; a date stands for its first moment, UTC. */
export const usageExportQuery = z
  .object({ from: moment, to: moment, format: z.enum(['csv', 'jsonl']).default('csv') })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'It must be after "from".' })

/** As in 2026-11.pdf. */
export const statementFile = z.string().regex(/^\d{4}-\d{2}\.(?:pdf|csv)$/u)
