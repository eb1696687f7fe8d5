import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** The key that Prisma's own engine locks, so that the two never migrate at once. */
const ADVISORY_LOCK = 72707369

const DEFAULT_DIRECTORY = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/** The table exactly as Prisma's engine makes it. */
const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`

interface Migration {
  name: string
  sql: string
  /** sha256 of the file, hex. */
  checksum: string
}

interface Recorded {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

export interface MigrateOptions {
  /** A folder of `<name>/migration.sql`, applied by name; the project's own by default. */
  directory?: string
  onProgress?: (line: string) => void
}

/**
 * Brings a database up to date as its owner and keeps `_prisma_migrations` as Prisma does, so that
 * `prisma migrate deploy` can take over. Each migration runs in one transaction. Throws an Error
 * that says what to do where the history and the files disagree or a migration fails.
 */
export async function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(options.directory ?? DEFAULT_DIRECTORY)
  return withClient(ownerUrl, async (client) => {
    const lock = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [ADVISORY_LOCK])
    if (lock.rows[0]?.got !== true) {
      options.onProgress?.('Another process is migrating this database; waiting for it.')
      await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK])
    }
    await client.query('SET client_min_messages = warning')
    await client.query(CREATE_HISTORY)
    const history = await client.query<Recorded>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
    )
    const done = checkHistory(history.rows, migrations)
    const applied: string[] = []
    for (const migration of migrations) {
      if (done.has(migration.name)) continue
      options.onProgress?.(`Applying migration ${migration.name}.`)
      await apply(client, migration)
      applied.push(migration.name)
    }
    return { applied }
  })
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
  return Promise.all(
    names.map(async (name) => {
      const file = await readFile(path.join(directory, name, 'migration.sql'))
      return { name, sql: file.toString('utf8'), checksum: createHash('sha256').update(file).digest('hex') }
    }),
  )
}

/** The names that are applied; throws where the history is not a clean part of the files. */
function checkHistory(history: readonly Recorded[], migrations: readonly Migration[]): Set<string> {
  const files = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of history) {
    const file = files.get(row.migration_name)
    if (row.finished_at === null) {
      throw new Error(
        `Migration ${row.migration_name} failed on this database before and was not resolved. ` +
          `Repair what it left, then set rolled_back_at (to run it again) or finished_at (to keep it) in its row of _prisma_migrations.`,
      )
    }
    if (file === undefined) {
      throw new Error(`This database has migration ${row.migration_name}, which this version of Parley does not know. Run the newer version.`)
    }
    if (file.checksum !== row.checksum) {
      throw new Error(
        `Migration ${row.migration_name} was changed after it had been applied. Restore prisma/migrations/${row.migration_name}/migration.sql ` +
          `and put the change into a new migration.`,
      )
    }
  }
  return new Set(history.map((row) => row.migration_name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())',
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query(migration.sql)
    await client.query(
      'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE migration_name = $1 AND rolled_back_at IS NULL',
      [migration.name],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK')
    throw new Error(`Migration ${migration.name} failed and was rolled back: ${describeFault(cause, migration.sql)}`, { cause })
  }
}

/** PostgreSQL's message, with the line of the file where it names one. */
function describeFault(cause: unknown, sql: string): string {
  if (!(cause instanceof pg.DatabaseError)) return String(cause)
  if (cause.position === undefined) return cause.message
  return `${cause.message} (line ${sql.slice(0, Number(cause.position)).split('\n').length})`
}

export interface RolePasswords {
  app: string
  operator: string
}

/** Sets the passwords of parley_app and parley_operator; they hold for the whole cluster. */
export async function setRolePasswords(ownerUrl: string, passwords: RolePasswords): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    await client.query(`ALTER ROLE parley_app PASSWORD ${client.escapeLiteral(passwords.app)}`)
    await client.query(`ALTER ROLE parley_operator PASSWORD ${client.escapeLiteral(passwords.operator)}`)
  })
}

/** The app's and the operator's URL of the owner's database. */
export function roleUrls(ownerUrl: string, passwords: RolePasswords): { app: string; operator: string } {
  const as = (role: string, password: string) => {
    const url = new URL(ownerUrl)
    url.username = role
    url.password = encodeURIComponent(password)
    return url.href
  }
  return { app: as('parley_app', passwords.app), operator: as('parley_operator', passwords.operator) }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
