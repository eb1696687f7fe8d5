import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { addMessage, createConversation, deleteConversation, getConversation, listConversations, removeMessagesFrom } from './conversations'
import { appendChunks, claimExpiredGeneration, finishGeneration, pruneChunks, readChunks, releaseLease } from './generation-chunks'
import { getGeneration, listGenerations, requestStop, startGeneration, type Lease, type NewGeneration } from './generations'
import { useDatabase } from './testing/database'
import { makeTenant, withConnection } from './testing/tenant'

const database = useDatabase()

type Person = Awaited<ReturnType<typeof makeTenant>>

function start(person: Person, more: Partial<NewGeneration> = {}) {
  return startGeneration({
    orgId: person.orgId,
    userId: person.userId,
    requestId: randomUUID(),
    kind: 'write',
    model: 'm',
    params: { temperature: 0.5 },
    promptTokenIds: [1, 2],
    choices: 1,
    leaseOwner: 'first',
    leaseSeconds: 60,
    conversation: null,
    ...more,
  })
}

async function startInConversation(person: Person) {
  const { id } = await createConversation(person.orgId, person.userId, { title: 'Talk', model: 'm' })
  const started = await start(person, { kind: 'chat', conversation: { id, message: 'Hello', expectedMessages: 0 } })
  return { ...started, conversationId: id }
}

const chunk = (text: string, tokenIds: number[], choice = 0) => ({ choice, text, tokenIds })

async function takeOver(lease: Lease): Promise<Lease> {
  await releaseLease(lease)
  const claimed = await claimExpiredGeneration('second', 60)
  if (claimed === null) throw new Error('Nothing to take over.')
  return claimed.lease
}

describe('a chat generation', () => {
  it('is never seen as done without its text, though it ends while the conversation is being read', async () => {
    const person = await makeTenant()
    const { conversationId, generation } = await startInConversation(person)
    const seen = await withConnection(database.ownerUrl, async (owner) => {
      await owner.query('BEGIN')
      await owner.query('LOCK TABLE generations IN ACCESS EXCLUSIVE MODE')
      const reading = getConversation(person.orgId, person.userId, conversationId)
      // The messages have been read by the time the reader waits for the generations.
      await expect.poll(async () => (await owner.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount).toBe(1)
      await owner.query("UPDATE messages SET content = 'Good day' WHERE conversation_id = $1 AND role = 'assistant'", [conversationId])
      await owner.query("UPDATE generations SET status = 'done' WHERE id = $1", [generation.id])
      await owner.query('COMMIT')
      return reading
    })
    expect(seen?.messages[1]).toMatchObject({ content: '', generation: { status: 'running' } })
  })

  it('begins with the message and an empty answer, and ends with its text in the answer', async () => {
    const person = await makeTenant()
    const { lease, conversationId, generation } = await startInConversation(person)
    await appendChunks(lease, [chunk('Good ', [5]), chunk('day', [6, 7])], 60)
    const before = await getConversation(person.orgId, person.userId, conversationId)
    expect(before?.messages).toMatchObject([
      { position: 0, role: 'user', content: 'Hello', generation: null },
      { position: 1, role: 'assistant', content: '', generation: { id: generation.id, status: 'running' } },
    ])
    expect(await finishGeneration(lease, { status: 'done', finishReasons: ['stop'], error: null })).toBe(true)
    const after = await getConversation(person.orgId, person.userId, conversationId)
    expect(after?.messages[1]).toMatchObject({ content: 'Good day', generation: { status: 'done' } })
    expect(await getGeneration(person.orgId, person.userId, generation.id)).toMatchObject({
      status: 'done',
      outputs: ['Good day'],
      finishReasons: ['stop'],
      params: { temperature: 0.5 },
      promptTokenIds: [1, 2],
    })
  })

  it('is refused beside a running one, over a conversation that has gone on, and in another person’s', async () => {
    const [person, stranger] = [await makeTenant(), await makeTenant()]
    const { lease, conversationId: id } = await startInConversation(person)
    const again = (expectedMessages: number) => ({ kind: 'chat', conversation: { id, message: 'More', expectedMessages } }) as const
    await expect(start(person, again(2))).rejects.toMatchObject({ code: 'conflict' })
    await finishGeneration(lease, { status: 'stopped', finishReasons: [null], error: null })
    await expect(start(person, again(1))).rejects.toMatchObject({ code: 'conflict' })
    await expect(start(stranger, again(2))).rejects.toMatchObject({ code: 'not_found' })
    const outcomes = await Promise.allSettled([start(person, again(2)), start(person, again(2))])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('chunks', () => {
  it('are numbered without gaps and read from any number, each once', async () => {
    const person = await makeTenant()
    const { lease, generation } = await start(person, { choices: 2 })
    expect(await appendChunks(lease, [chunk('a', [1]), chunk('b', [2], 1)], 60)).toEqual({ lastSeq: 2, cancelRequested: false })
    expect(await appendChunks(lease, [], 60)).toEqual({ lastSeq: 2, cancelRequested: false })
    expect(await appendChunks(lease, [chunk('c', [])], 60)).toEqual({ lastSeq: 3, cancelRequested: false })
    const read = await readChunks(person.orgId, person.userId, generation.id, 1)
    expect(read?.chunks).toEqual([
      { seq: 2, choice: 1, text: 'b', tokenIds: [2] },
      { seq: 3, choice: 0, text: 'c', tokenIds: [] },
    ])
    await finishGeneration(lease, { status: 'done', finishReasons: ['stop', 'length'], error: null })
    expect((await getGeneration(person.orgId, person.userId, generation.id))?.outputs).toEqual(['ac', 'b'])
  })

  it('are refused after the lease was lost, and so is the end', async () => {
    const person = await makeTenant()
    const { lease, generation } = await start(person)
    await appendChunks(lease, [chunk('a', [1])], 60)
    const second = await takeOver(lease)
    expect(second).toEqual({ ...lease, epoch: 2 })
    expect(await appendChunks(lease, [chunk('x', [9])], 60)).toBeNull()
    expect(await finishGeneration(lease, { status: 'failed', finishReasons: [null], error: 'x' })).toBe(false)
    expect(await appendChunks(second, [chunk('b', [2])], 60)).toMatchObject({ lastSeq: 2 })
    await finishGeneration(second, { status: 'done', finishReasons: ['stop'], error: null })
    expect(await appendChunks(second, [chunk('x', [9])], 60)).toBeNull()
    expect((await getGeneration(person.orgId, person.userId, generation.id))?.outputs).toEqual(['ab'])
  })

  it('store what PostgreSQL cannot as replacement characters', async () => {
    const person = await makeTenant()
    const { lease, generation } = await start(person, { params: { stop: ['\0', '\ud800'] } })
    await appendChunks(lease, [chunk('a\0b\ud800"\\', [1])], 60)
    const read = await readChunks(person.orgId, person.userId, generation.id, 0)
    expect(read?.chunks[0]?.text).toBe('a\ufffdb\ufffd"\\')
    expect(read?.generation.params).toEqual({ stop: ['\ufffd', '\ufffd'] })
  })

  it('can be dropped once they are folded; the outputs stay', async () => {
    const person = await makeTenant()
    const { lease, generation } = await start(person)
    const running = await start(person)
    await appendChunks(lease, [chunk('a', [1])], 60)
    await appendChunks(running.lease, [chunk('b', [1])], 60)
    await finishGeneration(lease, { status: 'done', finishReasons: ['stop'], error: null })
    await pruneChunks(new Date(Date.now() + 60_000))
    expect(await readChunks(person.orgId, person.userId, generation.id, 0)).toMatchObject({ chunks: [], generation: { outputs: ['a'] } })
    expect((await readChunks(person.orgId, person.userId, running.generation.id, 0))?.chunks).toHaveLength(1)
    await releaseLease(running.lease)
    await claimExpiredGeneration('cleaner', 60)
  })
})

describe('a lease that ran out', () => {
  it('is claimed by one process alone, with the tokens that were delivered', async () => {
    const person = await makeTenant()
    const { lease } = await start(person, { choices: 2 })
    await appendChunks(lease, [chunk('a', [1]), chunk('b', [2], 1), chunk('c', [3, 4])], 60)
    expect(await claimExpiredGeneration('second', 60)).toBeNull()
    await releaseLease(lease)
    const claims = await Promise.all([claimExpiredGeneration('second', 60), claimExpiredGeneration('third', 60)])
    expect(claims.filter((claim) => claim !== null)).toMatchObject([
      { lease: { ...lease, epoch: 2 }, plan: 'free', resume: [[1, 3, 4], [2]], generation: { lastSeq: 3 } },
    ])
  })
})

it('a stop reaches the holder with its next chunk', async () => {
  const person = await makeTenant()
  const { lease, generation } = await start(person)
  expect(await requestStop(person.orgId, person.userId, generation.id)).toBe(true)
  expect(await appendChunks(lease, [], 60)).toMatchObject({ cancelRequested: true })
  await finishGeneration(lease, { status: 'stopped', finishReasons: ['cancelled'], error: null })
  expect(await requestStop(person.orgId, person.userId, generation.id)).toBe(false)
})

it('another person’s generation or conversation answers like one that does not exist', async () => {
  const [person, stranger] = [await makeTenant(), await makeTenant()]
  const { generation, conversationId, lease } = await startInConversation(person)
  for (const [orgId, userId] of [[stranger.orgId, stranger.userId], [person.orgId, stranger.userId], [stranger.orgId, person.userId]] as const) {
    expect(await getGeneration(orgId, userId, generation.id)).toBeNull()
    expect(await readChunks(orgId, userId, generation.id, 0)).toBeNull()
    expect(await requestStop(orgId, userId, generation.id)).toBe(false)
    expect(await getConversation(orgId, userId, conversationId)).toBeNull()
    expect(await deleteConversation(orgId, userId, conversationId)).toBe(false)
    expect(await addMessage(orgId, userId, conversationId, { role: 'user', content: 'x' })).toBeNull()
  }
  expect(await getGeneration(person.orgId, person.userId, 'no-id')).toBeNull()
  expect(await getConversation(person.orgId, person.userId, "'; --")).toBeNull()
  expect(await appendChunks({ ...lease, orgId: stranger.orgId }, [chunk('x', [1])], 60)).toBeNull()
  expect(await listGenerations(stranger.orgId, stranger.userId, 'chat', 10)).toEqual([])
})

describe('conversations', () => {
  it('keep their messages in order, and are listed latest first', async () => {
    const person = await makeTenant()
    const { orgId, userId } = person
    const older = await createConversation(orgId, userId, { title: 'Older', model: 'm' })
    const newer = await createConversation(orgId, userId, { title: 'Newer', model: 'm' })
    await Promise.all(['1', '2', '3', '4'].map((content) => addMessage(orgId, userId, older.id, { role: 'user', content })))
    const found = await getConversation(orgId, userId, older.id)
    expect(found?.messages.map((message) => message.position)).toEqual([0, 1, 2, 3])
    expect((await listConversations(orgId, userId)).map((row) => row.id)).toEqual([older.id, newer.id])
    expect((await listConversations(orgId, userId, { limit: 1 })).map((row) => row.id)).toEqual([older.id])
  })

  it('go back to a position, but not under a running answer', async () => {
    const person = await makeTenant()
    const { lease, conversationId, generation } = await startInConversation(person)
    await expect(removeMessagesFrom(person.orgId, person.userId, conversationId, 1)).rejects.toMatchObject({ code: 'conflict' })
    await finishGeneration(lease, { status: 'done', finishReasons: ['stop'], error: null })
    expect(await removeMessagesFrom(person.orgId, person.userId, conversationId, 1)).toBe(true)
    expect((await getConversation(person.orgId, person.userId, conversationId))?.messages).toMatchObject([{ content: 'Hello' }])
    expect(await getGeneration(person.orgId, person.userId, generation.id)).toBeNull()
  })

  it('take everything with them when deleted', async () => {
    const person = await makeTenant()
    const { lease, conversationId, generation } = await startInConversation(person)
    expect(await deleteConversation(person.orgId, person.userId, conversationId)).toBe(true)
    expect(await getGeneration(person.orgId, person.userId, generation.id)).toBeNull()
    expect(await appendChunks(lease, [chunk('x', [1])], 60)).toBeNull()
  })
})
