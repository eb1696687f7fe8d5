import { createHash } from 'node:crypto'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { findOrganization } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { makeFilledTenant } from '@/lib/db/testing/filled-tenant'
import { COMMAND_TIMEOUT_MS, useParley } from './testing/run-parley'

const database = useDatabase()
const parley = useParley(database)

test('an organisation leaves with everything of it, and then is gone, with a receipt that can be checked', async () => {
  const { orgId } = await makeFilledTenant()
  const file = path.join(parley.dataDir, 'export.zip')
  await writeFile(file, 'what stood there before')
  const exported = await parley.run(['org', 'export', orgId, file, '--json'])
  expect(exported).toMatchObject({ code: 0, json: { file, tables: { organizations: 1, api_keys: 1 }, blobs: expect.any(Number) as unknown } })
  const archive = await readFile(file)
  expect(exported.json['sha256']).toBe(createHash('sha256').update(archive).digest('hex'))
  expect(Object.keys(unzipSync(archive))).toContain('manifest.json')
  expect((await stat(file)).mode & 0o077).toBe(0)

  const erased = await parley.run(['org', 'erase', orgId, '--yes', '--json'])
  expect(erased).toMatchObject({ code: 0, json: { receipt: 1, organization: orgId, erased_by: 'operator', tables: { organizations: 1, api_keys: 1, users: 1 }, usage: [{ requests: 1 }] } })
  expect(await findOrganization(orgId)).toBeNull()
  expect(await parley.run(['org', 'receipts', '--json'])).toMatchObject({ code: 0, json: { whole: true, receipts: [{ receipt: 1, organization: orgId, digest: erased.json['digest'] }] } })
  expect(await parley.run(['org', 'erase', orgId, '--yes', '--json'])).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
}, COMMAND_TIMEOUT_MS)

test('nothing is written for an organisation that is not there', async () => {
  const result = await parley.run(['org', 'export', '00000000-0000-4000-8000-000000000000', path.join(parley.dataDir, 'none.zip'), '--json'])
  expect(result).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
  expect((await readdir(parley.dataDir)).filter((name) => name.startsWith('none'))).toEqual([])
}, COMMAND_TIMEOUT_MS)
