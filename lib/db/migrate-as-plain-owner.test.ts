import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate, roleUrls, setRolePasswords } from './migrate'
import { startPostgres, type Postgres } from './testing/cluster'
import { withConnection } from './testing/tenant'

// Roles belong to a cluster, so this needs one in which nobody has made them.
let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres()
})

afterAll(() => postgres.stop())

it('works for an owner who is no superuser, whose functions see what they must while the owner itself sees nothing', async () => {
  await withConnection(postgres.urlOf('postgres'), async (client) => {
    await client.query(`CREATE ROLE plain_owner LOGIN CREATEROLE PASSWORD 'plain'`)
    await client.query('CREATE DATABASE plain OWNER plain_owner')
  })
  const owner = Object.assign(new URL(postgres.urlOf('plain')), { username: 'plain_owner', password: 'plain' }).href
  await migrate(owner)
  const passwords = { app: `an app's /@:% password`, operator: 'another' }
  await setRolePasswords(owner, passwords)
  const urls = roleUrls(owner, passwords)

  const { rows } = await withConnection(urls.app, async (client) => {
    await client.query(`SELECT * FROM sign_up('a@example.com', 'A', 'hash', 'Org')`)
    return client.query<{ org_id: string | null }>(`SELECT org_id FROM attempt_sign_in('a@example.com', 10, interval '1 minute')`)
  })
  expect(rows[0]?.org_id).toEqual(expect.any(String))

  const count = (url: string) => withConnection(url, (client) => client.query('SELECT 1 FROM organizations')).then((found) => found.rowCount)
  expect(await count(owner)).toBe(0)
  expect(await count(urls.app)).toBe(0)
  expect(await count(urls.operator)).toBe(1)
  expect((await migrate(owner)).applied).toEqual([])
})
