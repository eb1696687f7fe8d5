import { expect, it } from 'vitest'
import { writePrivacySettings } from './privacy-settings'
import { pruneExpired } from './retention'
import { useDatabase } from './testing/database'
import { makeFilledTenant } from './testing/filled-tenant'
import { withConnection } from './testing/tenant'

const database = useDatabase()

const CONTENT = ['conversations', 'messages', 'generations', 'generation_chunks', 'documents', 'document_sentences', 'blobs', 'translation_corrections', 'moderation_flags']
const KEPT = ['usage_events', 'audit_events', 'glossaries', 'api_keys', 'memberships']

const DAY_MS = 24 * 60 * 60 * 1000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)

async function rowsOf(orgId: string, tables: readonly string[]): Promise<Record<string, number>> {
  return withConnection(database.ownerUrl, async (client) => {
    const counts: Record<string, number> = {}
    for (const table of tables) {
      const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE org_id = $1`, [orgId])
      counts[table] = rows[0]?.count ?? 0
    }
    return counts
  })
}

/** A tenant with something of everything, all of it finished. */
async function finishedTenant(retentionDays: number | null): Promise<string> {
  const { orgId, userId } = await makeFilledTenant()
  await withConnection(database.ownerUrl, async (client) => {
    await client.query("UPDATE generations SET status = 'done', finished_at = now() WHERE org_id = $1", [orgId])
    await client.query("UPDATE documents SET status = 'done', finished_at = now(), expires_at = now() + interval '10 years' WHERE org_id = $1", [orgId])
  })
  await writePrivacySettings(orgId, userId, { retentionDays })
  return orgId
}

it('removes content that is older than its organisation keeps it, with its files, and nothing else', async () => {
  const kept = await finishedTenant(null)
  const longer = await finishedTenant(60)
  const orgId = await finishedTenant(30)
  const before = await rowsOf(orgId, [...CONTENT, ...KEPT])
  for (const table of [...CONTENT, ...KEPT]) expect(before[table], table).toBeGreaterThan(0)

  await pruneExpired(inDays(29))
  expect(await rowsOf(orgId, [...CONTENT, ...KEPT])).toEqual(before)

  expect(await pruneExpired(inDays(31))).toMatchObject({ conversations: 1, documents: 1, corrections: 1, flags: 1 })
  expect(await rowsOf(orgId, CONTENT)).toEqual(Object.fromEntries(CONTENT.map((table) => [table, 0])))
  expect(await rowsOf(orgId, KEPT)).toEqual(Object.fromEntries(KEPT.map((table) => [table, before[table]])))
  for (const other of [kept, longer]) expect(await rowsOf(other, ['conversations', 'documents', 'moderation_flags'])).toEqual({ conversations: 1, documents: 1, moderation_flags: 1 })
})

it('leaves what is still being written', async () => {
  const { orgId, userId } = await makeFilledTenant()
  await writePrivacySettings(orgId, userId, { retentionDays: 1 })
  const before = await rowsOf(orgId, ['conversations', 'generations'])
  await pruneExpired(inDays(5))
  expect(await rowsOf(orgId, ['conversations', 'generations'])).toEqual(before)
})
