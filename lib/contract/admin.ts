import { z } from 'zod'

import { featureSchema } from './feature'

/** What the operator's dashboard and its server say to each other. */

/** Beyond it a number loses digits on its way through JSON. */
const quota = z.number().int('Use a whole number.').min(0, 'Use 0 or more.').max(Number.MAX_SAFE_INTEGER, 'This is more than can be counted.')

/** Kept in the audit log of the tenant too. */
const reason = z.string().trim().min(3, 'Say why, in a few words.').max(300, 'Use at most 300 characters.')

/** null takes an override away, so that the plan's own limit holds again. */
export const tenantTermsBody = z
  .object({
    plan: z.enum(['free', 'pro', 'enterprise']),
    tokenQuota: quota.nullable(),
    characterQuota: quota.nullable(),
  })
  .partial()
  .refine((terms) => Object.keys(terms).length > 0, 'Name what is to change.')

export const suspensionBody = z.object({ suspended: z.boolean(), reason })

export const impersonationBody = z.object({ orgId: z.string(), userId: z.string(), reason })

export const switchBody = z.object({ enabled: z.boolean() })

export const flagReviewBody = z.object({ orgId: z.string(), reviewed: z.boolean() })

/** A worker at one moment. What happened between two looks is the difference of their counts. */
export const liveWorker = z.object({
  status: z.enum(['ok', 'starting', 'failed', 'unreachable']),
  error: z.string().nullable(),
  backend: z.string().nullable(),
  gpu: z.boolean(),
  model: z.string().nullable(),
  loaded: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Sequences that are being decoded, and requests that wait. */
  running: z.number(),
  waiting: z.number(),
  activity: z
    .object({
      startedAt: z.number(),
      steps: z.number(),
      promptTokens: z.number(),
      sampledTokens: z.number(),
      memoryBytes: z.number(),
      maxRunning: z.number(),
      maxWaiting: z.number(),
    })
    .nullable(),
})

export type LiveWorker = z.infer<typeof liveWorker>

/** `GET /api/admin/live`. */
export const liveStatus = z.object({
  /** Milliseconds since 1970, by the server's clock. */
  at: z.number(),
  worker: liveWorker,
  app: z.object({
    /** Of the one process that answered. */
    requestsInFlight: z.number(),
    startedAt: z.number(),
    memoryBytes: z.number(),
    /** When its sweeper last ran to its end, and what it then did; null where it has not yet. */
    sweeper: z.object({ at: z.number(), settled: z.number(), released: z.number() }).nullable(),
  }),
  database: z.object({
    holds: z.number(),
    /** Tokens that the holds keep from being spent twice. */
    heldTokens: z.number(),
    /** Holds past their time, which the sweeper will end. */
    overdueHolds: z.number(),
    /** Answers that are being written, over all processes. */
    generations: z.number(),
  }),
})

export type LiveStatus = z.infer<typeof liveStatus>

export const operatorAuditQuery = z.object({
  tenant: z.uuid('A tenant is named by its id.').optional(),
  text: z.string().max(200).optional(),
  action: z.string().max(80).optional(),
  actor: z.string().max(254).optional(),
  from: z.iso.date().optional(),
  /** The last day. */
  to: z.iso.date().optional(),
  /** The last row of the page before. */
  before: z.string().max(40).optional(),
})

export type OperatorAuditQuery = z.infer<typeof operatorAuditQuery>

/** A price of nothing but digits, in currency units for a million, with at most six decimal places: whole micro-units. */
const pricePerMillion = z
  .string()
  .trim()
  .regex(/^\d{1,9}(\.\d{1,6})?$/u, 'Enter a price such as 1.50, with at most six places.')
  .transform((text) => {
    const [whole = '0', places = ''] = text.split('.')
    return BigInt(whole) * 1_000_000n + BigInt(places.padEnd(6, '0'))
  })

export const newPriceBody = z.object({
  plans: z.array(z.enum(['free', 'pro', 'enterprise'])).min(1, 'Choose at least one plan.'),
  /** A model's name, or `*` for every model that has no price of its own. */
  model: z.string().trim().min(1, 'Name a model, or * for every model.').max(200),
  feature: featureSchema,
  direction: z.enum(['prompt', 'completion', 'characters', 'training']),
  /** null ends a model's own price. */
  price: pricePerMillion.nullable(),
  /** null: from now on. */
  validFrom: z.iso.datetime({ offset: true, error: 'Enter a day and a time.' }).nullable(),
})

export type NewPriceBody = z.infer<typeof newPriceBody>

/** What a price would have made of a month that is over; amounts of micro-units as whole numbers in text. */
export const pricePreview = z.object({
  /** The month's first day. */
  month: z.string(),
  /** Tokens or characters that the price is for. */
  amount: z.number(),
  before: z.string(),
  after: z.string(),
  /** The month's whole revenue, as it was. */
  revenue: z.string(),
})

export type PricePreview = z.infer<typeof pricePreview>
