import { expect, test } from 'vitest'
import { searchAudit } from '@/lib/db/audit'
import { findOrganization } from '@/lib/db/organizations'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { COMMAND_TIMEOUT_MS, useParley } from './testing/run-parley'

const database = useDatabase()
const parley = useParley(database)

test('an organisation is suspended, goes on, and changes its plan and quotas, all of it recorded', async () => {
  const { orgId } = await makeTenant()
  expect(await parley.run(['org', 'suspend', '--json', orgId, '--reason', 'Unpaid'])).toMatchObject({ code: 0, json: { orgId, suspended: true } })
  expect((await findOrganization(orgId))?.suspendedAt).toBeInstanceOf(Date)
  expect(await parley.run(['org', 'resume', '--json', orgId])).toMatchObject({ code: 0, json: { orgId, suspended: false } })

  const pro = await parley.run(['org', 'plan', '--json', orgId, '--plan', 'pro', '--quota', '500'])
  expect(pro).toMatchObject({ code: 0, json: { plan: 'pro', tokenQuota: 500, tokens: 500, characterQuota: null, characters: 10_000_000 } })
  const back = await parley.run(['org', 'plan', '--json', orgId, '--quota', 'plan', '--characters', '9'])
  expect(back).toMatchObject({ code: 0, json: { plan: 'pro', tokenQuota: null, tokens: 20_000_000, characters: 9 } })
  expect(await findOrganization(orgId)).toMatchObject({ plan: 'pro', tokenQuota: null, characterQuota: 9, suspendedAt: null })

  const events = await searchAudit({ orgId, limit: 20 })
  expect(events.map(({ action, actorId }) => [action, actorId])).toEqual(
    ['quota.changed', 'quota.changed', 'quota.changed', 'plan.changed', 'organization.resumed', 'organization.suspended'].map((action) => [action, null]),
  )
}, COMMAND_TIMEOUT_MS)

test('what cannot be done is said with a code', async () => {
  const { orgId } = await makeTenant()
  expect(await parley.run(['org', 'suspend', '--json', 'no-id'])).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
  expect(await parley.run(['org', 'plan', '--json', orgId])).toMatchObject({ code: 1, json: { error: { code: 'invalid_request' } } })
}, COMMAND_TIMEOUT_MS)
