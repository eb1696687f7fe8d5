import pg from 'pg'
import { messageOf, SetupError } from '../setup-error'

const OLDEST_VERSION = 15

/** The database's address as it may be shown: without the password. */
export function shownAddress(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  return `${url.host}${url.pathname}`
}

/**
 * Makes sure that DATABASE_URL leads to a database that Parley can live in.
 * @throws SetupError that tells an unreachable server, a wrong password, a missing database, a server
 * that is too old and an owner without the right to make roles apart
 */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  if (!URL.canParse(databaseUrl) || !/^postgres(ql)?:$/.test(new URL(databaseUrl).protocol)) {
    throw new SetupError('DATABASE_URL is not a PostgreSQL address', 'write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters in the password percent-encoded')
  }
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined)
    throw connectionFailure(error, databaseUrl)
  }
  try {
    const { rows } = await client.query<{ version: string; name: string; roles: boolean }>(`
      select current_setting('server_version_num') as version, current_user as name,
        exists (select from pg_roles where rolname = current_user and (rolsuper or rolcreaterole)) as roles`)
    const [row] = rows
    const major = Math.floor(Number(row?.version) / 10_000)
    if (major < OLDEST_VERSION) {
      throw new SetupError(`The database at ${shownAddress(databaseUrl)} is PostgreSQL ${major}`, `use PostgreSQL ${OLDEST_VERSION} or later, or unset DATABASE_URL for the embedded one`)
    }
    if (row?.roles !== true) {
      throw new SetupError(`The database user ${row?.name ?? ''} may not create the roles that keep tenants apart`, `as an administrator: ALTER ROLE "${row?.name ?? ''}" CREATEROLE;`)
    }
  } finally {
    await client.end()
  }
}

/** What a failed connection means, by PostgreSQL's and the system's codes. */
export function connectionFailure(error: unknown, databaseUrl: string): SetupError {
  const url = new URL(databaseUrl)
  const shown = shownAddress(databaseUrl)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === '28P01' || code === '28000') {
    return new SetupError(`The database at ${shown} refuses the user ${url.username}: ${messageOf(error)}`, 'correct the user and password in DATABASE_URL, or allow them in pg_hba.conf', { cause: error })
  }
  if (code === '3D000') {
    const name = url.pathname.slice(1)
    return new SetupError(`There is no database "${name}" at ${url.host}`, `create it (createdb ${name}), or correct DATABASE_URL`, { cause: error })
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new SetupError(`The database's host ${url.hostname} is not known`, 'correct DATABASE_URL, or unset it for the embedded database', { cause: error })
  }
  const reason = messageOf(error) || code
  return new SetupError(`The database at ${shown} cannot be reached: ${reason}`, 'start it and check host and port in DATABASE_URL, or unset it for the embedded database', { cause: error })
}
