import { createHash, randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { recordAudit } from './audit'
import { eraseOrganization, listErasureReceipts } from './erasure'
import { createOrganization } from './organizations'
import { TENANT_TABLES } from './tenant-tables'
import { useDatabase } from './testing/database'
import { makeFilledTenant } from './testing/filled-tenant'
import { makeTenant, withConnection } from './testing/tenant'
import { usageEvents } from './usage'

const database = useDatabase()

// Only while somebody is to be told of usage is it put out for them.
beforeAll(() => withConnection(database.ownerUrl, (client) => client.query("INSERT INTO usage_sinks (name, enabled) VALUES ('lago', true) ON CONFLICT (name) DO UPDATE SET enabled = true")))

/** Every row of the database, by table, in which one of the texts stands. */
async function rowsWith(texts: readonly string[]): Promise<string[]> {
  return withConnection(database.ownerUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(`
      SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`)
      for (const { row } of rows) if (texts.some((text) => row.includes(text))) found.push(name)
    }
    return found
  })
}

it('leaves nothing of a tenant and its people in any table but the receipt, and counts what went', async () => {
  const tenant = await makeFilledTenant()
  const other = await makeFilledTenant()
  await recordAudit({ orgId: null, actorId: tenant.userId, action: 'sign_in.failed', target: tenant.email, ip: '203.0.113.7' })
  const before = await rowsWith([tenant.orgId])
  const others = (await rowsWith([other.orgId, other.userId])).sort()
  const receipt = await eraseOrganization(tenant.orgId, 'operator')

  const digest = createHash('sha256').update(tenant.email).digest('hex')
  expect(await rowsWith([tenant.orgId, tenant.userId, tenant.email, digest, '203.0.113.7'])).toEqual(['erasure_receipts'])
  expect((await rowsWith([other.orgId, other.userId])).sort()).toEqual(others)

  for (const table of Object.keys(TENANT_TABLES)) {
    expect(before, table).toContain(table)
    expect(receipt?.body.tables[table], table).toBe(before.filter((name) => name === table).length)
  }
  expect(receipt?.body.tables).toMatchObject({ organizations: 1, users: expect.any(Number) as unknown })
})

it('keeps sums for the books, without persons, keys and requests', async () => {
  const { orgId, userId } = await makeFilledTenant()
  let events = 0
  let cost = 0n
  for await (const event of usageEvents(orgId, new Date(0), new Date(Date.now() + 60_000))) {
    events += 1
    cost += event.costMicros
  }
  const receipt = await eraseOrganization(orgId, 'owner')
  const { usage = [] } = receipt?.body ?? {}
  expect(usage.reduce((sum, month) => sum + month.requests, 0)).toBe(events)
  expect(usage.reduce((sum, month) => sum + month.cost_micros, 0)).toBe(Number(cost))
  expect(JSON.stringify(receipt)).not.toContain(userId)
})

it('spares people who belong elsewhere too, and operators', async () => {
  const tenant = await makeTenant()
  const { organization } = await createOrganization({ name: 'Second', owner: { id: tenant.userId } })
  expect(await eraseOrganization(tenant.orgId, 'operator')).toMatchObject({ body: { tables: { users: 0, memberships: 1 } } })
  expect(await rowsWith([tenant.email])).toContain('users')
  await withConnection(database.ownerUrl, (client) => client.query('UPDATE users SET is_operator = true WHERE id = $1', [tenant.userId]))
  await eraseOrganization(organization.id, 'operator')
  expect(await rowsWith([tenant.email])).toContain('users')
})

it('happens as a whole or not at all', async () => {
  const { orgId } = await makeFilledTenant()
  const before = (await rowsWith([orgId])).sort()
  await withConnection(database.ownerUrl, async (client) => {
    await client.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$`)
    await client.query('CREATE TRIGGER refuse BEFORE INSERT ON erasure_receipts EXECUTE FUNCTION refuse()')
    await expect(eraseOrganization(orgId, 'operator')).rejects.toThrow('no')
    await client.query('DROP TRIGGER refuse ON erasure_receipts')
  })
  expect((await rowsWith([orgId])).sort()).toEqual(before)
})

it('finds nothing where there is nothing', async () => {
  expect(await eraseOrganization(randomUUID(), 'operator')).toBeNull()
  expect(await eraseOrganization('nothing', 'operator')).toBeNull()
})

it('chains its receipts, so that none is changed or removed unnoticed', async () => {
  const tenants = await Promise.all([makeTenant(), makeTenant(), makeTenant()])
  await Promise.all(tenants.map(({ orgId }) => eraseOrganization(orgId, 'operator')))
  const { receipts, broken } = await listErasureReceipts()
  expect(broken).toBeNull()
  expect(receipts.map(({ number }) => number)).toEqual(receipts.map((_, index) => index + 1))
  await withConnection(database.ownerUrl, (client) => client.query(`UPDATE erasure_receipts SET body = replace(body, '"organizations":1', '"organizations":2') WHERE number = 2`))
  expect((await listErasureReceipts()).broken).toBe(2)
  await withConnection(database.ownerUrl, (client) => client.query('DELETE FROM erasure_receipts WHERE number = 2'))
  expect((await listErasureReceipts()).broken).toBe(3)
})
