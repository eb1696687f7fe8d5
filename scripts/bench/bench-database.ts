import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseEnv } from '@/lib/contract/env'
import { disconnectDatabase } from '@/lib/db/client'
import { startDatabase } from '../database/open-database'
import type { DatabaseUrls } from '../database/open-database'
import { removeCluster } from '../database/postgres-files'
import type { StepPrinter } from '../step-printer'

export interface BenchDatabase {
  urls: DatabaseUrls
  /** A data folder of the benchmark's own. */
  dataFolder: string
  close(): Promise<void>
}

/** An embedded PostgreSQL of the benchmark's own, set up as any installation's and migrated, with lib/db connected to it. */
export async function openBenchDatabase(steps: StepPrinter): Promise<BenchDatabase> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'parley-bench-'))
  // As root, PostgreSQL runs as another user and must reach its folder in there.
  await chmod(dataFolder, 0o755)
  const remove = async (): Promise<void> => {
    await removeCluster(dataFolder)
    await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    const database = await startDatabase({ env: parseEnv({ PARLEY_DATA: dataFolder }), steps, waitMs: 0 })
    process.env['DATABASE_APP_URL'] = database.appUrl
    process.env['DATABASE_OPERATOR_URL'] = database.operatorUrl
    return {
      urls: database,
      dataFolder,
      close: async () => {
        await disconnectDatabase()
        await database.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
