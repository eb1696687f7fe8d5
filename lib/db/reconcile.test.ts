import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { placeHold, settleHold } from './ledger'
import { reconcile } from './reconcile'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

async function usedTenant() {
  const { orgId, userId } = await makeTenant()
  const hold = { userId, keyId: randomUUID(), model: 'm', feature: 'chat', tokens: 90, characters: 0, ttlSeconds: 60 } as const
  await placeHold(orgId, { ...hold, requestId: 'settled' })
  await settleHold(orgId, 'settled', { promptTokens: 7, completionTokens: 5, characters: 0 })
  await placeHold(orgId, { ...hold, requestId: 'open' })
  return orgId
}

/** One statement for each thing that could go wrong, and what must notice it. */
const FAULTS: [string, string, string[]][] = [
  ['an event that was not counted', `INSERT INTO usage_events (org_id, request_id, model, feature, period, prompt_tokens, completion_tokens, characters, cost_micros)
    SELECT org_id, 'lost', model, feature, period, 1, 0, 0, 1 FROM usage_events WHERE org_id = $1`, ["events = the organisation's month", 'events = hours']],
  ['an event that is gone', `DELETE FROM usage_events WHERE org_id = $1`, ["events = the organisation's month", "events = each member's and key's month", 'events = hours']],
  ['a price that is wrong', `UPDATE usage_events SET cost_micros = cost_micros + 1 WHERE org_id = $1`, ["events = the organisation's month", 'events = hours', 'cost = the price list of the hold']],
  ['a hold that is gone', `DELETE FROM ledger_holds WHERE org_id = $1`, ["holds = what the organisation's month holds", "holds = what each member's and key's month holds"]],
  ['a month that is wrong', `UPDATE usage_balances SET tokens_used = tokens_used + 1 WHERE org_id = $1`, ["events = the organisation's month"]],
  ['a key’s month that is wrong', `UPDATE caller_balances SET tokens_used = 0 WHERE org_id = $1 AND kind = 'key'`, ["events = each member's and key's month"]],
  ['an hour that is wrong', `UPDATE usage_hours SET requests = 2 WHERE org_id = $1`, ['events = hours', 'hours = days']],
  ['a day that is wrong', `UPDATE usage_days SET completion_tokens = 0 WHERE org_id = $1`, ['hours = days', 'days = months']],
  ['a month’s roll-up that is wrong', `UPDATE usage_months SET requests = 0 WHERE org_id = $1`, ['days = months']],
]

describe('reconciliation', () => {
  it('finds nothing where nothing is wrong, and counts what it looked at', async () => {
    const orgId = await usedTenant()
    await usedTenant()
    expect(await reconcile(orgId)).toMatchObject({ events: 1, holds: 1, differences: [] })
    expect(await reconcile()).toMatchObject({ differences: [] })
    await expect(reconcile('no id')).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each(FAULTS)('finds %s, in this organisation alone', async (_, sql, checks) => {
    const [orgId, other] = [await usedTenant(), await usedTenant()]
    await withConnection(database.ownerUrl, (client) => client.query(sql, [orgId]))
    const { differences } = await reconcile(orgId)
    expect([...new Set(differences.map(({ check }) => check))].sort()).toEqual([...checks].sort())
    expect((await reconcile()).differences.every((difference) => difference.orgId !== other)).toBe(true)
    await withConnection(database.ownerUrl, (client) => client.query('DELETE FROM organizations WHERE id = $1', [orgId]))
  })
})

it('says what was expected and what was found', async () => {
  const orgId = await usedTenant()
  await withConnection(database.ownerUrl, (client) => client.query('UPDATE usage_balances SET characters_used = 3 WHERE org_id = $1', [orgId]))
  const { differences } = await reconcile(orgId)
  expect(differences).toEqual([
    {
      check: "events = the organisation's month",
      orgId,
      place: expect.stringMatching(/^\d{4}-\d\d-01$/) as unknown,
      expected: { tokens: '12', characters: '0', cost_micros: '11' },
      found: { tokens: '12', characters: '3', cost_micros: '11' },
    },
  ])
})
