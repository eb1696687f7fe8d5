import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { appendChunks, finishGeneration } from './generation-chunks'
import { requestStop, startGeneration } from './generations'
import { onGeneration } from './listen'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

async function start() {
  const { orgId, userId } = await makeTenant()
  const common = { kind: 'write', model: 'm', params: {}, promptTokenIds: [1], choices: 1, leaseOwner: 'a', leaseSeconds: 60 } as const
  return startGeneration({ ...common, orgId, userId, requestId: randomUUID(), conversation: null })
}

/** Resolves with each call of the listener in turn. */
function follow(generationId: string) {
  let calls = 0
  const waiting: (() => void)[] = []
  const stop = onGeneration(generationId, () => {
    calls += 1
    waiting.shift()?.()
  })
  const next = () => new Promise<void>((resolve) => waiting.push(resolve))
  return { next, stop, calls: () => calls }
}

it('tells each follower of an append, a stop and the end, and nobody else', async () => {
  const [{ lease, generation }, other] = [await start(), await start()]
  const [first, second, third] = [follow(generation.id), follow(generation.id), follow(other.generation.id)]
  const connected = [first, second, third].map(({ next }) => next())
  await Promise.all(connected)

  for (const act of [
    () => appendChunks(lease, [{ choice: 0, text: 'a', tokenIds: [1] }], 60),
    () => requestStop(lease.orgId, generation.userId, generation.id),
    () => finishGeneration(lease, { status: 'stopped', finishReasons: [null], error: null }),
  ]) {
    const told = [first.next(), second.next()]
    await act()
    await Promise.all(told)
  }
  expect([first.calls(), second.calls(), third.calls()]).toEqual([4, 4, 1])
  for (const follower of [first, second, third]) follower.stop()
})

it('comes back after a lost connection and tells every follower that something may have been missed', async () => {
  const { lease, generation } = await start()
  const follower = follow(generation.id)
  // Where the connection stood already, its first call is this append's.
  const first = follower.next()
  await appendChunks(lease, [{ choice: 0, text: 'a', tokenIds: [1] }], 60)
  await first
  const again = follower.next()
  await withConnection(database.ownerUrl, (client) =>
    client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley listen' AND datname = current_database()`),
  )
  await again
  const told = follower.next()
  await appendChunks(lease, [{ choice: 0, text: 'b', tokenIds: [2] }], 60)
  await told
  follower.stop()
})
