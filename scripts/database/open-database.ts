import path from 'node:path'
import { migrate, roleUrls, setRolePasswords } from '@/lib/db/migrate'
import type { Env } from '@/lib/contract/env'
import { readRuntime } from '../runtime-file'
import { loadSecrets } from '../secrets'
import { messageOf, SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { checkDatabase, shownAddress } from './check-database'
import { startEmbedded, type EmbeddedDatabase } from './embedded-postgres'
import { rolePasswords } from './role-passwords'

export interface DatabaseUrls {
  ownerUrl: string
  appUrl: string
  operatorUrl: string
}

export interface OpenDatabase extends DatabaseUrls {
  /** Where it was started here; null for DATABASE_URL and for the database of a running `up`. */
  embedded: EmbeddedDatabase | null
  close(): Promise<void>
}

/** How long a command waits for another one that has the embedded database. */
const WAIT_MS = 30_000

/**
 * The database that a command works on, up to date: that of a running `up` over the same data folder,
 * else DATABASE_URL, else the embedded one, started for the command's time.
 * @throws SetupError saying what is wrong with it
 */
export async function openDatabase(options: { env: Env; steps: StepPrinter }): Promise<OpenDatabase> {
  const dataFolder = path.resolve(options.env.PARLEY_DATA)
  const running = await readRuntime(dataFolder)
  const same = options.env.DATABASE_URL === undefined || options.env.DATABASE_URL === running?.ownerUrl
  if (running !== null && same) {
    const urls = { ownerUrl: running.ownerUrl, appUrl: running.appDatabaseUrl, operatorUrl: running.operatorDatabaseUrl }
    return { ...urls, embedded: null, close: () => Promise.resolve() }
  }
  return startDatabase({ ...options, waitMs: WAIT_MS })
}

/** DATABASE_URL or the embedded database, migrated, its roles ready to sign in. */
export async function startDatabase(options: { env: Env; steps: StepPrinter; waitMs: number }): Promise<OpenDatabase> {
  const { env, steps } = options
  const dataFolder = path.resolve(env.PARLEY_DATA)
  const secrets = await loadSecrets(dataFolder)
  const external = env.DATABASE_URL
  if (external !== undefined) {
    await steps.step(`Database at ${URL.canParse(external) ? shownAddress(external) : 'DATABASE_URL'}`, () => checkDatabase(external))
    const owner = decodeURIComponent(new URL(external).password) || (env.NEXTAUTH_SECRET ?? secrets.nextAuthSecret)
    const urls = await prepare(external, owner, env, steps)
    return { ...urls, embedded: null, close: () => Promise.resolve() }
  }
  const embedded = await steps.step('Embedded PostgreSQL', () => startEmbedded({ dataFolder, password: secrets.ownerPassword, waitMs: options.waitMs }))
  try {
    if (embedded.note !== null) steps.note(embedded.note)
    const urls = await prepare(embedded.ownerUrl, secrets.ownerPassword, { DATABASE_APP_URL: undefined, DATABASE_OPERATOR_URL: undefined }, steps)
    return { ...urls, embedded, close: () => embedded.stop() }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

type RoleUrls = Pick<Env, 'DATABASE_APP_URL' | 'DATABASE_OPERATOR_URL'>

async function prepare(ownerUrl: string, secret: string, given: RoleUrls, steps: StepPrinter): Promise<DatabaseUrls> {
  const passwords = rolePasswords(secret)
  await steps.step('Migrations', async (progress) => {
    try {
      await migrate(ownerUrl, { onProgress: progress })
      // Whoever gives the roles' addresses looks after their passwords.
      if (given.DATABASE_APP_URL === undefined && given.DATABASE_OPERATOR_URL === undefined) await setRolePasswords(ownerUrl, passwords)
    } catch (error) {
      throw new SetupError(`The database could not be brought up to date: ${messageOf(error)}`, 'see the message; nothing of a failed migration stays in the database', { cause: error })
    }
  })
  const urls = roleUrls(ownerUrl, passwords)
  return { ownerUrl, appUrl: given.DATABASE_APP_URL ?? urls.app, operatorUrl: given.DATABASE_OPERATOR_URL ?? urls.operator }
}
