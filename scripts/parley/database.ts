import { disconnectDatabase } from '@/lib/db/client'
import { openDatabase } from '../database/open-database'
import type { Context } from './context'

/**
 * Runs `work` with lib/db connected to the running instance's database, to DATABASE_URL, or to the embedded
 * one, which is then started for this long. Throws SetupError where there is none to be had.
 */
export async function withDatabase<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const database = await openDatabase({ env: { ...context.env, PARLEY_DATA: context.dataDir }, steps: context.steps })
  // The database client of lib/db takes its addresses from the environment, at its first use.
  process.env['DATABASE_APP_URL'] = database.appUrl
  process.env['DATABASE_OPERATOR_URL'] = database.operatorUrl
  try {
    return await work()
  } finally {
    await disconnectDatabase()
    await database.close()
  }
}
