import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDatabase } from './testing/database'
import { makeFilledTenant } from './testing/filled-tenant'

const database = useDatabase()

/** Tables that nobody but the owner (or a function) may reach at all. */
const CLOSED = new Set(['_prisma_migrations', 'sign_in_attempts', 'rate_buckets', 'password_resets', 'erasure_receipts', 'stripe_events', 'usage_sinks', 'usage_exports'])

/** Tables that are no tenant's: they say how the installation is run, and the app may read them and nothing else. */
const INSTALLATION = new Set(['feature_switches', 'price_versions'])

const DENIED = '42501'

interface Table {
  name: string
  enabled: boolean
  forced: boolean
  selectable: string[]
  updatable: string[]
}

let app: pg.Client
let owner: pg.Client
let tables: Table[]
let victim: { orgId: string; userId: string }
let stranger: { orgId: string; userId: string }

beforeAll(async () => {
  victim = await makeFilledTenant()
  stranger = await makeFilledTenant()
  app = new pg.Client({ connectionString: database.appUrl })
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await Promise.all([app.connect(), owner.connect()])
  const { rows } = await owner.query<Table>(`
    SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
      coalesce(array_agg(a.attname::text) FILTER (WHERE has_column_privilege('parley_app', c.oid, a.attnum, 'SELECT')), '{}') AS selectable,
      coalesce(array_agg(a.attname::text) FILTER (WHERE has_column_privilege('parley_app', c.oid, a.attnum, 'UPDATE')), '{}') AS updatable
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.oid ORDER BY 1`)
  tables = rows
})

afterAll(() => Promise.all([app.end(), owner.end()]))

interface Context {
  tenant?: string
  user?: string
}

/** Runs one statement as parley_app in a context and takes it back; the SQLSTATE where it is refused. */
async function asApp(context: Context, sql: string, values: unknown[] = []): Promise<{ rows: unknown[]; count: number } | string> {
  await app.query('BEGIN')
  await app.query(`SELECT set_config('app.tenant', $1, true), set_config('app.user', $2, true)`, [context.tenant ?? '', context.user ?? ''])
  try {
    const result = await app.query<Record<string, unknown>>(sql, values)
    return { rows: result.rows, count: result.rowCount ?? 0 }
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== undefined) return error.code
    throw error
  } finally {
    await app.query('ROLLBACK')
  }
}

function contexts(): [string, Context][] {
  return [
    ['no tenant', {}],
    ['another tenant', { tenant: stranger.orgId }],
    ['another person', { user: stranger.userId }],
    ['another tenant and person', { tenant: stranger.orgId, user: stranger.userId }],
  ]
}

const ofVictim = (row: unknown) => [victim.orgId, victim.userId].some((id) => JSON.stringify(row).includes(id))

async function victimRows(table: Table): Promise<Record<string, unknown>[]> {
  const { rows } = await owner.query<{ row: Record<string, unknown> }>(`SELECT to_jsonb(t) AS row FROM "${table.name}" t`)
  return rows.map(({ row }) => row).filter(ofVictim)
}

describe('row-level security', () => {
  it('is enabled and forced on every table but the migrations’ own', () => {
    expect(tables.length).toBeGreaterThan(10)
    expect(tables.filter((table) => !(table.enabled && table.forced)).map((table) => table.name)).toEqual(['_prisma_migrations'])
  })

  it('shows a tenant its own rows in every table that is open to it', async () => {
    for (const table of tables.filter(({ name }) => !INSTALLATION.has(name))) {
      const own = await asApp({ tenant: victim.orgId, user: victim.userId }, `SELECT ${columnsOf(table)} FROM "${table.name}"`)
      if (CLOSED.has(table.name)) expect(own, table.name).toBe(DENIED)
      else expect(own, `${table.name} has no row of the filled tenant`).toMatchObject({ rows: expect.arrayContaining([expect.anything()]) as unknown })
    }
  })

  it('shows nothing of a tenant to anybody else, in any table', async () => {
    for (const table of tables) {
      for (const [name, context] of contexts()) {
        const seen = await asApp(context, `SELECT ${columnsOf(table)} FROM "${table.name}"`)
        if (typeof seen === 'string') expect(seen, `${table.name}, ${name}`).toBe(DENIED)
        else expect(seen.rows.filter(ofVictim), `${table.name}, ${name}`).toEqual([])
        if (name === 'no tenant' && typeof seen !== 'string' && !INSTALLATION.has(table.name)) expect(seen.count, table.name).toBe(0)
      }
    }
  })

  it('refuses every insert of another tenant’s row', async () => {
    for (const table of tables) {
      const [row] = await victimRows(table)
      if (row === undefined) {
        expect([...CLOSED, ...INSTALLATION], `${table.name} has no row of the filled tenant`).toContain(table.name)
        continue
      }
      for (const [name, context] of contexts()) {
        const sql = `INSERT INTO "${table.name}" SELECT * FROM jsonb_populate_record(NULL::"${table.name}", $1)`
        expect(await asApp(context, sql, [JSON.stringify(row)]), `${table.name}, ${name}`).toBe(DENIED)
      }
    }
  })

  it('lets no update or delete touch another tenant’s row', async () => {
    for (const table of tables) {
      const column = table.updatable[0]
      const writes = [`DELETE FROM "${table.name}" ${whereVictim(table)}`]
      if (column !== undefined) writes.push(`UPDATE "${table.name}" SET "${column}" = "${column}" ${whereVictim(table)}`)
      for (const [name, context] of contexts()) {
        for (const write of writes) {
          const outcome = await asApp(context, write)
          if (typeof outcome === 'string') expect(outcome, `${write}, ${name}`).toBe(DENIED)
          else expect(outcome.count, `${write}, ${name}`).toBe(0)
        }
      }
    }
  })

  it('lets a query that names no tenant write nothing at all', async () => {
    for (const table of tables) {
      const outcome = await asApp({}, `DELETE FROM "${table.name}"`)
      if (typeof outcome === 'string') expect(outcome, table.name).toBe(DENIED)
      else expect(outcome.count, table.name).toBe(0)
    }
  })

  it('lets the app write nothing of the installation’s', async () => {
    for (const name of INSTALLATION) {
      for (const write of [`DELETE FROM "${name}"`, `INSERT INTO "${name}" DEFAULT VALUES`, `TRUNCATE "${name}"`]) {
        expect(await asApp({ tenant: victim.orgId, user: victim.userId }, write), write).toBe(DENIED)
      }
      expect(tables.find((table) => table.name === name)?.updatable, name).toEqual([])
    }
  })

  it('keeps a tenant from giving its rows away', async () => {
    for (const table of tables.filter(({ updatable }) => updatable.includes('org_id'))) {
      const moved = await asApp({ tenant: stranger.orgId }, `UPDATE "${table.name}" SET org_id = $1`, [victim.orgId])
      expect(moved, table.name).toBe(DENIED)
    }
  })
})

/** What the role may read, as one object; a column of its own choosing where it may read nothing. */
function columnsOf(table: Table): string {
  if (table.selectable.length === 0) return '*'
  return `jsonb_build_object(${table.selectable.map((column) => `'${column}', "${column}"`).join(', ')}) AS row`
}

function whereVictim(table: Table): string {
  if (table.selectable.includes('org_id')) return `WHERE org_id = '${victim.orgId}'`
  if (table.name === 'organizations') return `WHERE id = '${victim.orgId}'`
  if (table.name === 'users') return `WHERE id = '${victim.userId}'`
  if (table.selectable.includes('user_id')) return `WHERE user_id = '${victim.userId}'`
  // Closed to the app as a whole.
  return ''
}
