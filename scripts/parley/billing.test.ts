import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { claimExports, recordOutcomes, setSinks } from '@/lib/db/usage-exports'
import { COMMAND_TIMEOUT_MS, useParley } from './testing/run-parley'

const database = useDatabase()
const parley = useParley(database)

async function use(orgId: string, promptTokens: number): Promise<bigint> {
  const requestId = randomUUID()
  await placeHold(orgId, { requestId, userId: null, keyId: null, model: 'm', feature: 'chat', tokens: promptTokens, characters: 0, ttlSeconds: 60 })
  return (await settleHold(orgId, requestId, { promptTokens, completionTokens: 0, characters: 0 })).costMicros
}

test('a statement is written as a file, in the format that is asked for or that its name has', async () => {
  const { orgId } = await makeTenant()
  const cost = await use(orgId, 3333)
  const month = new Date().toISOString().slice(0, 7)
  const [pdf, csv] = [path.join(parley.dataDir, 'statement'), path.join(parley.dataDir, 'statement.csv')]
  const made = await parley.run(['statement', pdf, '--json', '--org', orgId, '--month', month, '--format', 'pdf'])
  expect(made).toMatchObject({ code: 0, json: { org: orgId, month, complete: false, requests: 1, cost_micros: Number(cost), currency: 'USD', format: 'pdf', file: pdf } })
  expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-')
  expect((await parley.run(['statement', csv, '--org', orgId, '--month', month])).code).toBe(0)
  expect(await readFile(csv, 'utf8')).toContain(`${orgId},Tenant,${month},m,chat,free,prompt,3333,0.50,0.0016665,USD`)
  expect(await parley.run(['statement', csv, '--json', '--org', orgId, '--month', '2026-13'])).toMatchObject({ code: 1, json: { error: { code: 'invalid_request' } } })
}, COMMAND_TIMEOUT_MS)

test('what a billing service refused is shown, and sent again when told to', async () => {
  await setSinks(['openmeter'])
  const { orgId } = await makeTenant()
  await use(orgId, 10)
  await use(orgId, 20)
  const due = await claimExports('openmeter', 1, 60)
  await recordOutcomes('openmeter', due.map((event) => [event, { kind: 'refused', error: '400: no such subject' }] as const))
  const shown = await parley.run(['billing', 'exports', '--json'])
  expect(shown).toMatchObject({
    code: 1,
    json: { sinks: [{ name: 'openmeter', enabled: true, waiting: 1, dead: 1 }], dead: [{ eventId: due[0]?.event.id, orgId, error: '400: no such subject' }] },
  })
  expect(await parley.run(['billing', 'retry', '--json', '--sink', 'openmeter'])).toMatchObject({ code: 0, json: { sink: 'openmeter', revived: 1 } })
  expect(await claimExports('openmeter', 10, 60)).toHaveLength(2)
}, COMMAND_TIMEOUT_MS)
