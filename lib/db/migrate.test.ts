import { cp, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from './migrate'
import { useDatabase } from './testing/database'
import { withConnection } from './testing/tenant'

const OWN = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const INIT = '20261124000000_init'
const ALL = readdirSync(OWN, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()

const database = useDatabase()

let made = 0
let folder: string
let url: string

beforeEach(async () => {
  made += 1
  const name = `fresh_${made}`
  await withConnection(database.ownerUrl, (client) => client.query(`CREATE DATABASE ${name}`))
  url = Object.assign(new URL(database.ownerUrl), { pathname: `/${name}` }).href
  folder = await mkdtemp(path.join(tmpdir(), 'parley-migrations-'))
  await cp(OWN, folder, { recursive: true })
})

afterEach(async () => {
  await rm(folder, { recursive: true })
  await withConnection(database.ownerUrl, (client) => client.query(`DROP DATABASE fresh_${made} WITH (FORCE)`))
})

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name))
  await writeFile(path.join(folder, name, 'migration.sql'), sql)
}

describe('migrate', () => {
  it('is harmless when run again, and by many at once', async () => {
    const runs = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(runs.flatMap((run) => run.applied)).toEqual(ALL)
    expect((await migrate(url)).applied).toEqual([])
  })

  it('records a migration as Prisma does', async () => {
    await migrate(url)
    const { rows } = await withConnection(url, (client) => client.query<Record<string, unknown>>('SELECT * FROM _prisma_migrations ORDER BY started_at'))
    const checksum = createHash('sha256').update(readFileSync(path.join(OWN, INIT, 'migration.sql'))).digest('hex')
    expect(rows).toHaveLength(ALL.length)
    expect(rows[0]).toMatchObject({ migration_name: INIT, checksum, applied_steps_count: 1, logs: null, rolled_back_at: null })
    expect(rows[0]?.['id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(rows[0]?.['finished_at']).toBeInstanceOf(Date)
  })

  it('refuses a file that was changed after it had been applied', async () => {
    await migrate(url, { directory: folder })
    await writeFile(path.join(folder, INIT, 'migration.sql'), '-- changed')
    await expect(migrate(url, { directory: folder })).rejects.toThrow(/20261124000000_init was changed after it had been applied/)
  })

  it('leaves nothing of a migration that fails, names its line, and goes on once it is repaired', async () => {
    await migrate(url, { directory: folder })
    await addMigration('20270101000000_broken', 'CREATE TABLE half (id int);\nSELECT nonsense;')
    await expect(migrate(url, { directory: folder })).rejects.toThrow(/20270101000000_broken failed.*nonsense.*line 2/)
    const half = await withConnection(url, (client) => client.query(`SELECT to_regclass('half') AS name`))
    expect(half.rows).toEqual([{ name: null }])
    await writeFile(path.join(folder, '20270101000000_broken', 'migration.sql'), 'CREATE TABLE whole (id int);')
    expect((await migrate(url, { directory: folder })).applied).toEqual(['20270101000000_broken'])
  })

  it('refuses while a failed migration of another tool stands', async () => {
    await migrate(url)
    await withConnection(url, (client) => client.query('UPDATE _prisma_migrations SET finished_at = NULL'))
    await expect(migrate(url)).rejects.toThrow(/failed on this database before and was not resolved/)
  })

  it('refuses a database that a newer version has migrated', async () => {
    await addMigration('20270101000000_newer', 'SELECT 1;')
    await migrate(url, { directory: folder })
    await expect(migrate(url)).rejects.toThrow(/20270101000000_newer, which this version of Parley does not know/)
  })
})
