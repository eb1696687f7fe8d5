import { z } from 'zod'
import { Prisma } from './generated/client'

const reported = z.object({
  driverAdapterError: z.object({
    cause: z.object({ originalCode: z.string(), originalMessage: z.string(), hint: z.string().nullish(), constraint: z.object({ index: z.string() }).optional() }),
  }),
})

export interface DatabaseError {
  /** Five characters: https://www.postgresql.org/docs/current/errcodes-appendix.html, or one of our own (PQ…). */
  sqlState: string
  message: string
  hint: string | null
  /** The violated constraint or unique index. */
  constraint: string | null
}

/** What PostgreSQL itself said, where the error came from there; null for any other error. */
export function databaseError(error: unknown): DatabaseError | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null
  const parsed = reported.safeParse(error.meta)
  if (!parsed.success) return null
  const { originalCode, originalMessage, hint = null, constraint } = parsed.data.driverAdapterError.cause
  return { sqlState: originalCode, message: originalMessage, hint, constraint: constraint?.index ?? null }
}

export const UNIQUE_VIOLATION = '23505'

export const FOREIGN_KEY_VIOLATION = '23503'
