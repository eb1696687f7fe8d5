import { z } from 'zod'

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
