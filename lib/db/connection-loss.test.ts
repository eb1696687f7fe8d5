import { afterEach, expect, it } from 'vitest'
import { disconnectDatabase } from './client'
import { isConnectionLoss, whateverTheConnection } from './connection-loss'
import { monthBalance, placeHold, settleHold } from './ledger'
import { withOperator } from './tenant'
import { useDatabase } from './testing/database'
import { makeTenant } from './testing/tenant'

const database = useDatabase()

afterEach(async () => {
  await disconnectDatabase()
  process.env['DATABASE_APP_URL'] = database.appUrl
})

const nowhere = () => Object.assign(new URL(database.appUrl), { port: '9' }).href

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('It did not fail.')
}

it('is told from what the database itself refuses', async () => {
  const { orgId } = await makeTenant()
  expect(isConnectionLoss(await errorOf(() => settleHold(orgId, 'never held', { promptTokens: 1, completionTokens: 0, characters: 0 })))).toBe(false)
  expect(isConnectionLoss(await errorOf(() => withOperator((tx) => tx.$queryRaw`SELECT 1 / 0`)))).toBe(false)
  expect(isConnectionLoss(await errorOf(() => withOperator((tx) => tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`)))).toBe(true)
  await disconnectDatabase()
  process.env['DATABASE_APP_URL'] = nowhere()
  expect(isConnectionLoss(await errorOf(() => placeHold(orgId, { requestId: 'r', userId: null, keyId: null, model: 'm', feature: 'chat', tokens: 1, characters: 0, ttlSeconds: 60 })))).toBe(true)
})

it('is outlived by a settling: a database that is away for a moment is asked again', async () => {
  const { orgId } = await makeTenant()
  await placeHold(orgId, { requestId: 'r', userId: null, keyId: null, model: 'm', feature: 'chat', tokens: 9, characters: 0, ttlSeconds: 60 })
  await disconnectDatabase()
  process.env['DATABASE_APP_URL'] = nowhere()
  const settling = settleHold(orgId, 'r', { promptTokens: 2, completionTokens: 1, characters: 0 })
  setTimeout(() => {
    process.env['DATABASE_APP_URL'] = database.appUrl
    void disconnectDatabase()
  }, 100)
  expect(await settling).toEqual({ costMicros: 3n, settled: true })
  expect((await monthBalance(orgId)).tokens).toMatchObject({ used: 3, held: 0 })
})

it('is not waited for where the fault is another', async () => {
  let tries = 0
  await expect(
    whateverTheConnection(() => {
      tries += 1
      return Promise.reject(new Error('broken'))
    }),
  ).rejects.toThrow('broken')
  expect(tries).toBe(1)
})
