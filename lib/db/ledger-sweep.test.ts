import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { appendChunks, finishGeneration } from './generation-chunks'
import { startGeneration } from './generations'
import { extendHold, monthBalance, placeHold, releaseHold, settleHold } from './ledger'
import { sweepHolds } from './ledger-sweep'
import { useDatabase } from './testing/database'
import { makeTenant } from './testing/tenant'
import { usageByDay } from './usage'

useDatabase()

const later = () => new Date(Date.now() + 120_000)

async function heldRequest() {
  const tenant = await makeTenant()
  const requestId = randomUUID()
  const common = { userId: tenant.userId, keyId: null, model: 'm', feature: 'chat', tokens: 50, characters: 0, ttlSeconds: 60 } as const
  await placeHold(tenant.orgId, { ...common, requestId })
  return { ...tenant, requestId }
}

const totals = async (orgId: string) => (await usageByDay(orgId, new Date(0), later()))[0]

function draft(request: { orgId: string; userId: string; requestId: string }) {
  const { orgId, userId, requestId } = request
  const common = { kind: 'write', model: 'm', params: {}, choices: 2, leaseOwner: 'a', leaseSeconds: 60, conversation: null } as const
  return startGeneration({ ...common, orgId, userId, requestId, promptTokenIds: [1, 2, 3] })
}

it('leaves a hold that has not expired', async () => {
  const { orgId, requestId } = await heldRequest()
  expect(await sweepHolds()).toEqual({ settled: 0, released: 0 })
  expect((await monthBalance(orgId)).tokens.held).toBe(50)
  await releaseHold(orgId, requestId)
})

it('releases what nothing is known of, once, and still lets its request settle late', async () => {
  const { orgId, requestId } = await heldRequest()
  const sweeps = await Promise.all([sweepHolds(later()), sweepHolds(later())])
  expect(sweeps.reduce((sum, sweep) => sum + sweep.released, 0)).toBe(1)
  expect((await monthBalance(orgId)).tokens).toMatchObject({ held: 0, used: 0 })
  expect(await settleHold(orgId, requestId, { promptTokens: 1, completionTokens: 2, characters: 0 })).toMatchObject({ settled: true })
  expect((await monthBalance(orgId)).tokens).toMatchObject({ held: 0, used: 3 })
})

it('settles at what the request last reported', async () => {
  const { orgId, requestId } = await heldRequest()
  await extendHold(orgId, requestId, { ttlSeconds: 60, soFar: { promptTokens: 10, completionTokens: 4, characters: 0 } })
  expect(await sweepHolds(later())).toMatchObject({ settled: 1 })
  expect(await totals(orgId)).toMatchObject({ promptTokens: 10, completionTokens: 4, costMicros: 11n, requests: 1 })
  expect(await settleHold(orgId, requestId, { promptTokens: 9, completionTokens: 9, characters: 0 })).toEqual({ costMicros: 11n, settled: false })
  expect((await monthBalance(orgId)).tokens).toMatchObject({ held: 0, used: 14 })
})

it('settles a generation that ended unsettled at the tokens that were delivered', async () => {
  const request = await heldRequest()
  const { lease } = await draft(request)
  await appendChunks(lease, [{ choice: 0, text: 'a', tokenIds: [7, 8] }, { choice: 1, text: 'b', tokenIds: [9] }], 60)
  expect(await sweepHolds(later())).toEqual({ settled: 0, released: 0 })
  await finishGeneration(lease, { status: 'done', finishReasons: ['stop', 'stop'], error: null })
  expect(await sweepHolds(later())).toEqual({ settled: 1, released: 0 })
  expect(await totals(request.orgId)).toMatchObject({ promptTokens: 3, completionTokens: 3, requests: 1 })
})
