import pg from 'pg'
import { expect, it } from 'vitest'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

const DENIED = '42501'

function asOwner<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  return withConnection(database.ownerUrl, async (client) => (await client.query<T>(sql)).rows)
}

async function refusal(url: string, sql: string): Promise<string | undefined> {
  try {
    await withConnection(url, (client) => client.query(sql))
    return undefined
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : String(error)
  }
}

it('neither role has power over others, bypasses row-level security or belongs to another role', async () => {
  const rows = await asOwner(`
    SELECT rolname FROM pg_roles r WHERE rolname IN ('parley_app', 'parley_operator') AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
      AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) ORDER BY 1`)
  expect(rows).toEqual([{ rolname: 'parley_app' }, { rolname: 'parley_operator' }])
})

it('neither role owns anything', async () => {
  const owned = await asOwner(`
    SELECT classid::regclass::text AS kind, objid FROM pg_shdepend
    WHERE deptype = 'o' AND refobjid IN ('parley_app'::regrole, 'parley_operator'::regrole)`)
  expect(owned).toEqual([])
})

it('the app can neither switch security off nor become another role nor make a table', async () => {
  for (const sql of [
    'ALTER TABLE conversations DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE conversations NO FORCE ROW LEVEL SECURITY',
    'DROP POLICY tenant ON conversations',
    'SET ROLE parley_operator',
    'SET ROLE parley_owner',
    'CREATE TABLE mine (id int)',
    'TRUNCATE usage_events',
  ]) {
    expect(await refusal(database.appUrl, sql), sql).toBe(DENIED)
  }
})

it('nobody but the owner changes or removes a usage event', async () => {
  const { orgId } = await makeTenant()
  for (const url of [database.appUrl, database.operatorUrl]) {
    for (const sql of ['UPDATE usage_events SET cost_micros = 0', 'DELETE FROM usage_events', 'TRUNCATE usage_events']) {
      expect(await refusal(url, `SET app.tenant = '${orgId}'; ${sql}`), sql).toBe(DENIED)
    }
  }
})

it('the app reads no password and sets neither plan, quota, suspension nor operator', async () => {
  for (const sql of [
    'SELECT password_hash FROM users',
    'UPDATE users SET is_operator = true',
    `UPDATE organizations SET plan = 'enterprise'`,
    'UPDATE organizations SET token_quota = 1',
    'UPDATE organizations SET suspended_at = NULL',
    'SELECT * FROM sign_in_attempts',
  ]) {
    expect(await refusal(database.appUrl, sql), sql).toBe(DENIED)
  }
})

/** Of the owner and of triggers, or of the operator alone. */
const CLOSED_TO_THE_APP = ['add_price_version', 'enqueue_usage_exports', 'erase_organization', 'keep_an_owner', 'rebuild_usage_sums', 'record_quota_alerts']

it('a function that runs as the owner has a fixed search path, none is open to everybody, and some not to the app', async () => {
  const rows = await asOwner<{ name: string; definer: boolean; path: boolean; open: boolean; callable: boolean }>(`
    SELECT proname AS name, prosecdef AS definer, coalesce('search_path=pg_catalog, public, pg_temp' = ANY(proconfig), false) AS path,
      EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS open,
      has_function_privilege('parley_app', oid, 'EXECUTE') AS callable
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.filter((row) => row.open || (row.definer && !row.path))).toEqual([])
  expect(rows.filter((row) => !row.callable).map(({ name }) => name).sort()).toEqual(CLOSED_TO_THE_APP)
})

it('a ledger function does not act for a tenant other than its transaction’s', async () => {
  const [mine, theirs] = [await makeTenant(), await makeTenant()]
  const sql = `BEGIN; SELECT set_config('app.tenant', '${mine.orgId}', true); SELECT ledger_release('${theirs.orgId}', 'any', false)`
  expect(await refusal(database.appUrl, sql)).toBe(DENIED)
})
