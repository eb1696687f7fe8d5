import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant, withConnection } from '@/lib/db/testing/tenant'
import { COMMAND_TIMEOUT_MS, useParley } from './testing/run-parley'

const database = useDatabase()
const parley = useParley(database)

test('ledger check says that the sums agree, and fails with what does not where one is wrong', async () => {
  const { orgId } = await makeTenant()
  const requestId = randomUUID()
  await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'chat', tokens: 9, characters: 0, ttlSeconds: 60 })
  await settleHold(orgId, requestId, { promptTokens: 4, completionTokens: 2, characters: 0 })
  const agreed = await parley.run(['ledger', 'check', '--org', orgId, '--json'])
  expect(agreed).toMatchObject({ code: 0, json: { ok: true, events: 1, holds: 0, differences: [] } })

  await withConnection(database.ownerUrl, (client) => client.query('UPDATE usage_balances SET tokens_used = 7 WHERE org_id = $1', [orgId]))
  const wrong = await parley.run(['ledger', 'check'])
  expect(wrong.code).toBe(1)
  expect(wrong.stdout).toMatch(/✓ events = hours/)
  expect(wrong.stdout).toMatch(new RegExp(`✗ events = the organisation's month: ${orgId} \\d{4}-\\d\\d-01: tokens 7, not 6`))
  expect(await parley.run(['ledger', 'check', '--org', randomUUID(), '--json'])).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
}, COMMAND_TIMEOUT_MS)
