import { expect, test } from 'vitest'
import { findApiKey, listApiKeys } from '@/lib/db/api-keys'
import type { AuditDetails } from '@/lib/db/audit'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { changeApiKey, createApiKey, revokeApiKey, rotateApiKey, type KeyManager } from './manage-api-keys'

useDatabase()

const HOUR = 3_600_000

interface Recorded extends KeyManager {
  rows: { action: string; target: string; details: AuditDetails }[]
}

async function manager(): Promise<Recorded> {
  const { orgId, userId } = await makeTenant()
  const rows: Recorded['rows'] = []
  return { orgId, userId, rows, record: (action, target, details) => Promise.resolve(void rows.push({ action, target, details })) }
}

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR)

test('a rotated key and its successor both hold for the overlap; the successor has all that the old one had', async () => {
  const keys = await manager()
  const old = await createApiKey(keys, { name: 'Website', scopes: ['chat'], requestsPerMinute: 7, tokenQuota: 900 })
  const made = await rotateApiKey(keys, old.id, 24)
  expect(made).toMatchObject({ name: 'Website', scopes: ['chat'], requestsPerMinute: 7, tokenQuota: 900, expiresAt: null, createdBy: keys.userId })
  expect(made.key).not.toBe(old.key)
  const after = await findApiKey(keys.orgId, { id: old.id })
  expect(after).toMatchObject({ replacedBy: made.id, revokedAt: null })
  expect(Math.abs((after?.expiresAt?.getTime() ?? 0) - inHours(24).getTime())).toBeLessThan(60_000)
  expect(keys.rows.at(-1)).toMatchObject({ action: 'key.rotated', target: `Website (${old.prefix}…)`, details: { key: old.id, successor: made.id } })
})

test('an overlap of 0 ends the old key at once, and one that would end before keeps its end', async () => {
  const keys = await manager()
  const [first, second] = [await createApiKey(keys, { name: 'A', scopes: ['chat'] }), await createApiKey(keys, { name: 'B', scopes: ['chat'], expiresAt: inHours(2) })]
  await rotateApiKey(keys, first.id, 0)
  expect((await findApiKey(keys.orgId, { id: first.id }))?.revokedAt).toBeInstanceOf(Date)
  const made = await rotateApiKey(keys, second.id, 24)
  expect((await findApiKey(keys.orgId, { id: second.id }))?.expiresAt).toEqual(second.expiresAt)
  expect(made.previousEndsAt).toEqual(second.expiresAt)
  // As long a life as the old one had.
  expect(Math.abs((made.expiresAt?.getTime() ?? 0) - inHours(2).getTime())).toBeLessThan(60_000)
})

test('of two who rotate a key at once one does, and a key that no longer holds is not rotated', async () => {
  const keys = await manager()
  const { id } = await createApiKey(keys, { name: 'A', scopes: ['chat'] })
  const outcomes = await Promise.allSettled([rotateApiKey(keys, id, 1), rotateApiKey(keys, id, 1), rotateApiKey(keys, id, 1)])
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await listApiKeys(keys.orgId)).toHaveLength(2)
  await expect(rotateApiKey(keys, id, 1)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('rotated before') as unknown })
  const gone = await createApiKey(keys, { name: 'B', scopes: ['chat'] })
  await revokeApiKey(keys, gone.id)
  await expect(rotateApiKey(keys, gone.id, 1)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('was revoked') as unknown })
})

test('what is changed is changed and recorded, what is left out stays', async () => {
  const keys = await manager()
  const { id } = await createApiKey(keys, { name: 'A', scopes: ['chat', 'usage'], requestsPerMinute: 5 })
  await changeApiKey(keys, id, { requestsPerMinute: null, tokenQuota: 100 })
  expect(await findApiKey(keys.orgId, { id })).toMatchObject({ name: 'A', scopes: ['chat', 'usage'], requestsPerMinute: null, tokenQuota: 100 })
  expect(keys.rows.at(-1)).toEqual({ action: 'key.changed', target: expect.stringContaining('A (') as unknown, details: { key: id, requests_per_minute: null, token_quota: 100 } })
  const before = keys.rows.length
  await changeApiKey(keys, id, { tokenQuota: 100 })
  expect(keys.rows).toHaveLength(before)
  await revokeApiKey(keys, id)
  await revokeApiKey(keys, id)
  expect(keys.rows.slice(before).map(({ action }) => action)).toEqual(['key.revoked'])
  await expect(changeApiKey(keys, id, { name: 'B' })).rejects.toMatchObject({ code: 'conflict' })
})

test('an end that has passed is refused with its field, and another organisation’s key is not found', async () => {
  const [keys, others] = [await manager(), await manager()]
  await expect(createApiKey(keys, { name: 'A', scopes: ['chat'], expiresAt: inHours(-1) })).rejects.toMatchObject({ code: 'invalid_request', param: 'expiresAt' })
  const { id } = await createApiKey(others, { name: 'Theirs', scopes: ['chat'] })
  for (const attempt of [() => rotateApiKey(keys, id, 1), () => revokeApiKey(keys, id), () => changeApiKey(keys, id, { name: 'Mine' }), () => revokeApiKey(keys, 'no id')]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
  }
})
