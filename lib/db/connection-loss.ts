import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { databaseError } from './database-error'
import { Prisma } from './generated/client'

/** Prisma's codes: cannot be reached, timed out, closed by the server, no connection in time, the transaction is gone. */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'])

/** 08…: connection exceptions; 57P01 to 57P03: the server is stopping or starting, or somebody ended the session. */
const SQL_STATES = /^(08...|57P0[123])$/

/** What the driver says of a connection that fails before Prisma has words for it. */
const driverError = z.object({ name: z.literal('DriverAdapterError'), cause: z.object({ kind: z.string(), originalCode: z.string().optional() }) })

/** The same within an error of Prisma's own. */
const wrappedDriverError = z.object({ driverAdapterError: driverError })

const DRIVER_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout'])

/** Whether the database went away, so that nobody knows if what was asked has been done. */
export function isConnectionLoss(error: unknown): boolean {
  const fault = databaseError(error)
  if (fault !== null) return SQL_STATES.test(fault.sqlState)
  const known = error instanceof Prisma.PrismaClientKnownRequestError
  if (known && PRISMA_CODES.has(error.code)) return true
  const driver = driverError.safeParse(known ? wrappedDriverError.safeParse(error.meta).data?.driverAdapterError : error)
  if (driver.success) return DRIVER_KINDS.has(driver.data.cause.kind) || SQL_STATES.test(driver.data.cause.originalCode ?? '')
  return error instanceof Error && /connection (terminated|closed|ended|error)|ECONN(RESET|REFUSED)|EPIPE|ETIMEDOUT/i.test(error.message)
}

const WAITS_MS = [10, 50, 250, 1000, 2000]

/** Does something again that is harmless to do twice, where the connection was lost; rejects with the last loss. */
export async function whateverTheConnection<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await work()
    } catch (error) {
      if (!isConnectionLoss(error)) throw error
      await delay(wait)
    }
  }
  return work()
}
