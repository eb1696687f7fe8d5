import { createHash, randomUUID } from 'node:crypto'
import { strFromU8, unzipSync } from 'fflate'
import { beforeAll, expect, it } from 'vitest'
import { putBlob } from '@/lib/db/blobs'
import { TENANT_TABLES } from '@/lib/db/tenant-tables'
import { useDatabase } from '@/lib/db/testing/database'
import { makeFilledTenant } from '@/lib/db/testing/filled-tenant'
import { withConnection } from '@/lib/db/testing/tenant'
import { exportOrganization, type ExportManifest } from './export-organization'

const database = useDatabase()

// Only while somebody is to be told of usage is it put out for them.
beforeAll(() => withConnection(database.ownerUrl, (client) => client.query("INSERT INTO usage_sinks (name, enabled) VALUES ('lago', true) ON CONFLICT (name) DO UPDATE SET enabled = true")))

async function exported(orgId: string): Promise<{ files: Record<string, Uint8Array>; manifest: ExportManifest }> {
  const pieces: Uint8Array[] = []
  const export_ = exportOrganization(orgId)
  let step = await export_.next()
  for (; step.done !== true; step = await export_.next()) pieces.push(step.value)
  return { files: unzipSync(Buffer.concat(pieces)), manifest: step.value }
}

const linesOf = (file: Uint8Array | undefined): unknown[] =>
  strFromU8(file ?? new Uint8Array())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

/** Every text in a row. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

it('holds every row of the tenant in every table, every file, and a manifest that is right', async () => {
  const tenant = await makeFilledTenant()
  const other = await makeFilledTenant()
  const large = Buffer.alloc(2_500_000, 'parley ')
  const { sha256 } = await putBlob(tenant.orgId, large)
  const { files, manifest } = await exported(tenant.orgId)

  for (const table of Object.keys(TENANT_TABLES)) expect(linesOf(files[`tables/${table}.ndjson`]).length, table).toBeGreaterThan(0)
  expect(linesOf(files['tables/organizations.ndjson'])).toMatchObject([{ id: tenant.orgId }])
  expect(linesOf(files['tables/users.ndjson'])).toContainEqual(expect.objectContaining({ id: tenant.userId, email: tenant.email }))
  expect(Buffer.from(files[`blobs/${sha256}`] ?? []).equals(large)).toBe(true)
  const all = Object.values(files).map((file) => strFromU8(file)).join('\n')
  expect(all).not.toContain(other.orgId)
  expect(all).not.toContain(other.userId)

  expect(JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))).toEqual(manifest)
  expect(manifest).toMatchObject({ organization: tenant.orgId })
  expect(manifest.files.map(({ path }) => path).sort()).toEqual(Object.keys(files).filter((path) => path !== 'manifest.json').sort())
  for (const { path, bytes, sha256: digest, rows } of manifest.files) {
    const content = files[path] ?? new Uint8Array()
    expect({ path, bytes, digest }).toEqual({ path, bytes: content.length, digest: createHash('sha256').update(content).digest('hex') })
    if (path.startsWith('tables/')) expect(rows, path).toBe(linesOf(content).length)
  }
})

it('holds no secret, wherever it is kept', async () => {
  const { orgId, userId } = await makeFilledTenant()
  const { files } = await exported(orgId)
  const values = new Set(Object.entries(files).flatMap(([path, file]) => (path.endsWith('.ndjson') ? linesOf(file).flatMap(textsOf) : [])))
  const secrets = await withConnection(database.ownerUrl, async (client) => {
    const omitted = Object.entries(TENANT_TABLES).filter(([table]) => table !== 'blob_chunks').flatMap(([table, { omit = [] }]) => omit.map((column) => `SELECT encode(convert_to(${column}::text, 'UTF8'), 'escape') AS secret FROM ${table} WHERE org_id = '${orgId}'`))
    const personal = [`SELECT password_hash FROM users WHERE id = '${userId}'`, `SELECT secret FROM totp_secrets WHERE user_id = '${userId}'`, `SELECT hash FROM recovery_codes WHERE user_id = '${userId}'`]
    const { rows } = await client.query<{ secret: string | null }>([...omitted, ...personal].join(' UNION ALL '))
    return rows.flatMap(({ secret }) => (secret === null || secret === '' ? [] : [secret]))
  })
  expect(secrets.length).toBeGreaterThan(3)
  for (const secret of secrets) expect(values).not.toContain(secret)
})

it('leaves out or names harmless whatever sounds like a secret, in every table that names a tenant', async () => {
  const columns = await withConnection(database.ownerUrl, async (client) => {
    const { rows } = await client.query<{ table: string; columns: string[] }>(`
      SELECT c.relname AS table, array_agg(a.attname::text) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY c.relname`)
    return rows.filter((row) => row.columns.includes('org_id') && row.table !== 'erasure_receipts')
  })
  // A new table must be declared before anything of it is exported.
  expect(columns.map(({ table }) => table).sort()).toEqual(Object.keys(TENANT_TABLES).sort())
  for (const { table, columns: names } of columns) {
    const { omit = [], harmless = [] } = TENANT_TABLES[table] ?? {}
    expect([...omit, ...harmless].filter((name) => !names.includes(name)), table).toEqual([])
    expect(names.filter((name) => /hash|secret|token|password|seal|digest|private/.test(name) && !omit.includes(name) && !harmless.includes(name)), table).toEqual([])
  }
})

it('is refused for an organisation that is not there', async () => {
  await expect(exportOrganization(randomUUID()).next()).rejects.toMatchObject({ code: 'not_found' })
  await expect(exportOrganization('nothing').next()).rejects.toMatchObject({ code: 'not_found' })
})
