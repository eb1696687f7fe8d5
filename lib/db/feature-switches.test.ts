import { randomUUID } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { FEATURE_SWITCHES } from '@/lib/contract/feature-switch'
import { requireFeature } from '@/lib/services/require-feature'
import { featureEnabled, listFeatureSwitches, setFeatureSwitch } from './feature-switches'
import { useDatabase } from './testing/database'
import { withConnection } from './testing/tenant'

const database = useDatabase()

afterEach(async () => {
  for (const name of FEATURE_SWITCHES) await setFeatureSwitch(name, true, randomUUID())
})

it('has every feature on until an operator turns it off, and no other with it', async () => {
  expect(await Promise.all(FEATURE_SWITCHES.map(featureEnabled))).toEqual(FEATURE_SWITCHES.map(() => true))
  const operator = randomUUID()
  await setFeatureSwitch('chat', false, operator)
  expect(await featureEnabled('chat')).toBe(false)
  expect(await featureEnabled('translate')).toBe(true)
  await expect(requireFeature('chat')).rejects.toMatchObject({ code: 'feature_disabled', status: 403 })
  await expect(requireFeature('translate')).resolves.toBeUndefined()
  expect(await listFeatureSwitches()).toContainEqual({ name: 'chat', enabled: false, changedBy: operator, changedAt: expect.any(Date) as unknown })
})

it('goes within a second by what another process has set', async () => {
  expect(await featureEnabled('write')).toBe(true)
  await withConnection(database.operatorUrl, (client) => client.query(`UPDATE feature_switches SET enabled = false WHERE name = 'write'`))
  await vi.waitFor(async () => expect(await featureEnabled('write')).toBe(false), { timeout: 1000, interval: 50 })
})
