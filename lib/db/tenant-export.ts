import pg from 'pg'
import { databaseUrl } from './client'
import { PERSON_COLUMNS, TENANT_TABLES } from './tenant-tables'
import { isUuid } from './uuid'

/** One file of an export; `content` is read before the next one is asked for. */
export interface ExportedFile {
  /** `tables/NAME.ndjson`, a JSON object a row, or `blobs/SHA256`. */
  path: string
  content: AsyncGenerator<Uint8Array, void>
}

const ROWS = 500

/**
 * Everything that an organisation owns, as it stood at one moment; null where there is none. Read by
 * a connection of its own, row by row, so that it may be larger than memory. Whoever stops early
 * returns the generator.
 */
export async function exportTenant(orgId: string): Promise<AsyncGenerator<ExportedFile, void> | null> {
  if (!isUuid(orgId)) return null
  const client = new pg.Client({ connectionString: databaseUrl('DATABASE_OPERATOR_URL'), application_name: 'parley export' })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rowCount } = await client.query('SELECT FROM organizations WHERE id = $1', [orgId])
    if (rowCount === 1) return files(client, orgId)
  } catch (error) {
    await client.end()
    throw error
  }
  await client.end()
  return null
}

async function* files(client: pg.Client, orgId: string): AsyncGenerator<ExportedFile, void> {
  try {
    yield { path: 'tables/organizations.ndjson', content: rows(client, 'SELECT to_jsonb(o)::text AS line FROM organizations o WHERE id = $1', [orgId]) }
    const person = PERSON_COLUMNS.map((column) => `'${column}', u.${column}`).join(', ')
    const people = `SELECT jsonb_build_object(${person})::text AS line FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.org_id = $1`
    yield { path: 'tables/users.ndjson', content: rows(client, people, [orgId]) }
    for (const [table, { omit = [] }] of Object.entries(TENANT_TABLES)) {
      const select = `SELECT (to_jsonb(t) - $2::text[])::text AS line FROM ${pg.escapeIdentifier(table)} t WHERE org_id = $1`
      yield { path: `tables/${table}.ndjson`, content: rows(client, select, [orgId, omit]) }
    }
    const { rows: blobs } = await client.query<{ sha256: string }>("SELECT sha256 FROM blobs WHERE org_id = $1 AND sha256 ~ '^[0-9a-f]{64}$' ORDER BY sha256", [orgId])
    for (const { sha256 } of blobs) yield { path: `blobs/${sha256}`, content: pieces(client, orgId, sha256) }
  } finally {
    await client.end()
  }
}

async function* rows(client: pg.Client, select: string, values: unknown[]): AsyncGenerator<Uint8Array, void> {
  await client.query(`DECLARE exported NO SCROLL CURSOR FOR ${select}`, values)
  for (;;) {
    const { rows: found } = await client.query<{ line: string }>(`FETCH ${ROWS} FROM exported`)
    if (found.length > 0) yield Buffer.from(found.map(({ line }) => `${line}\n`).join(''))
    if (found.length < ROWS) break
  }
  await client.query('CLOSE exported')
}

async function* pieces(client: pg.Client, orgId: string, sha256: string): AsyncGenerator<Uint8Array, void> {
  for (let position = 0; ; position++) {
    const { rows: found } = await client.query<{ data: Buffer }>('SELECT data FROM blob_chunks WHERE org_id = $1 AND sha256 = $2 AND position = $3', [orgId, sha256, position])
    const [row] = found
    if (row === undefined) return
    yield row.data
  }
}
