import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionEvent, WorkerCompletionInput } from '@/lib/contract/worker'
import { readBlob } from '@/lib/db/blobs'
import { claimDocument, releaseDocument, saveProgress, type ClaimedDocument } from '@/lib/db/document-work'
import { findDocument } from '@/lib/db/documents'
import { monthBalance } from '@/lib/db/ledger'
import { sweepHolds } from '@/lib/db/ledger-sweep'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant, withConnection } from '@/lib/db/testing/tenant'
import { usageEvents } from '@/lib/db/usage'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { removeDocument, removeExpiredDocuments } from './remove-document'
import { runDocument } from './run-document'
import type { GenerationContext } from './run-generation'
import { submitDocument } from './submit-document'
import { TokenizerCache } from './tokenizer-cache'

const database = useDatabase()

const registry = new CheckpointRegistry({ dataDir: '/nonexistent', bundledDir: 'models', defaultModel: 'parley-mini-0' })
const tokenizers = new TokenizerCache()
let tokenizer: TextTokenizer

beforeAll(async () => {
  const found = await tokenizers.of(await registry.default())
  if (found === null) throw new Error('The bundled model has a tokenizer.')
  tokenizer = found
})

/** Answers each sentence with "oui" after `before`, which a test may let wait or fail. */
class CountingEngine {
  readonly asked: string[] = []

  constructor(private readonly before: (call: number, signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {}

  async *complete(request: WorkerCompletionInput, signal: AbortSignal): AsyncGenerator<WorkerCompletionEvent> {
    this.asked.push(tokenizer.decode(request.prompt, { skipSpecial: true }))
    await this.before(this.asked.length, signal)
    yield { choices: [{ index: 0, token_ids: tokenizer.encode('oui', { special: false }), text: 'oui', logprobs: null, finish_reason: 'stop' }] }
  }
}

const contextOf = (engine: CountingEngine): GenerationContext => ({ runtime: { engine, tokenizers }, registry, leaseOwner: 'test', report: (error) => reported.push(error) })
const reported: unknown[] = []

const SENTENCES = Array.from({ length: 30 }, (_, index) => `Sentence ${index}.`)

async function submitted(text = SENTENCES.join('\n')) {
  const { orgId, userId } = await makeTenant()
  const caller = { requestId: randomUUID(), orgId, userId, keyId: null, plan: 'free' } as const
  const request = { filename: 'a.txt', file: Buffer.from(text), source: 'en', target: 'FR', glossaryId: null }
  const { document } = await submitDocument(contextOf(new CountingEngine()).runtime, registry, caller, request)
  return { ...caller, id: document.id, characters: document.characters, state: () => findDocument(orgId, document.id, { userId }) }
}

/** Others' documents may wait as well: takes until it is this one. */
async function claimOf(id: string, seconds = 60): Promise<ClaimedDocument> {
  for (;;) {
    const claim = await claimDocument('test', seconds)
    if (claim === null) throw new Error('The document waits.')
    if (claim.document.id === id) return claim
  }
}

async function eventsOf(orgId: string) {
  const events = []
  for await (const event of usageEvents(orgId, new Date(0), new Date(Date.now() + 60_000))) events.push(event)
  return events
}

const forever = new AbortController().signal

/** What a worker that is busy does: nothing, until the request is given up. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new Error('stopped'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

describe('a document whose process dies', () => {
  test('is finished by another, which asks for what is missing alone; one event, nothing held', async () => {
    const document = await submitted()
    const stuck = new CountingEngine((call) => (call > 20 ? new Promise(() => undefined) : Promise.resolve()))
    const first = await claimOf(document.id, 60)
    // It hangs with ten sentences to go, and never comes back: as good as dead.
    void runDocument(contextOf(stuck), first, forever)
    await expect.poll(async () => (await document.state())?.sentencesDone, { timeout: 10_000 }).toBeGreaterThanOrEqual(15)
    const before = (await document.state())?.sentencesDone ?? 0
    await releaseDocument(first.lease)
    const second = await claimOf(document.id)
    expect(second.lease.epoch).toBe(first.lease.epoch + 1)
    const engine = new CountingEngine()
    await runDocument(contextOf(engine), second, forever)
    expect(engine.asked).toHaveLength(SENTENCES.length - before)
    const done = await document.state()
    expect(done).toMatchObject({ status: 'done', sentencesDone: 30 })
    expect((await readBlob(document.orgId, done?.outputSha256 ?? ''))?.toString()).toBe(SENTENCES.map(() => 'Oui.').join('\n'))
    // The dead one writes nothing any more.
    expect(await saveProgress(first.lease, { sentences: [], sentencesDone: 1, used: { promptTokens: 1, completionTokens: 1, characters: 1 } }, 60)).toBe(false)
    const events = await eventsOf(document.orgId)
    expect(events.map(({ characters, completionTokens }) => [characters, completionTokens])).toEqual([[document.characters, 30 * tokenizer.encode('oui', { special: false }).length]])
    expect(await monthBalance(document.orgId)).toMatchObject({ characters: { used: document.characters, held: 0 }, tokens: { held: 0 } })
  })

  test('keeps its hold for as long as it waits', async () => {
    const document = await submitted()
    await sweepHolds(new Date(Date.now() + 100 * 60 * 60 * 1000))
    expect(await monthBalance(document.orgId)).toMatchObject({ characters: { used: 0, held: document.characters } })
    await runDocument(contextOf(new CountingEngine()), await claimOf(document.id), forever)
    expect(await monthBalance(document.orgId)).toMatchObject({ characters: { used: document.characters, held: 0 } })
  })
})

test('the same sentence is asked for once, and put in everywhere', async () => {
  const document = await submitted('Hello.\n\nHello.\n- Hello.\nGoodbye.\n')
  const engine = new CountingEngine()
  await runDocument(contextOf(engine), await claimOf(document.id), forever)
  expect(engine.asked).toHaveLength(2)
  expect((await readBlob(document.orgId, (await document.state())?.outputSha256 ?? ''))?.toString()).toBe('Oui.\n\nOui.\n- Oui.\nOui.\n')
})

test('what the model server lacks for a moment is waited for; a document that fails is not billed', async () => {
  const document = await submitted()
  const away = new CountingEngine((call) => (call > 10 ? Promise.reject(new AppError('engine_unavailable', 'away')) : Promise.resolve()))
  await runDocument(contextOf(away), await claimOf(document.id), forever)
  expect(await document.state()).toMatchObject({ status: 'translating', error: null })
  expect(await claimDocument('test', 60)).toBeNull()
  await withConnection(database.ownerUrl, (client) => client.query('UPDATE documents SET lease_until = now() - interval \'1 s\' WHERE id = $1', [document.id]))
  const broken = new CountingEngine(() => Promise.reject(new Error('a fault of ours')))
  await runDocument(contextOf(broken), await claimOf(document.id), forever)
  expect(await document.state()).toMatchObject({ status: 'error', error: 'The document could not be translated.' })
  expect(reported).toHaveLength(1)
  expect(await eventsOf(document.orgId)).toEqual([])
  expect(await monthBalance(document.orgId)).toMatchObject({ characters: { used: 0, held: 0 }, tokens: { used: 0, held: 0 } })
})

test('a process that shuts down lets go of it at once', async () => {
  const document = await submitted()
  const stop = new AbortController()
  const engine = new CountingEngine(async (call, signal) => {
    if (call === 12) stop.abort()
    if (call > 12) await untilAborted(signal)
  })
  await runDocument(contextOf(engine), await claimOf(document.id), stop.signal)
  await runDocument(contextOf(new CountingEngine()), await claimOf(document.id), forever)
  expect((await document.state())?.status).toBe('done')
  expect(await eventsOf(document.orgId)).toHaveLength(1)
})

describe('a deleted document', () => {
  test('that nobody had begun costs nothing, and its file is gone', async () => {
    const document = await submitted()
    const { inputSha256 } = (await document.state()) ?? {}
    await removeDocument(document.orgId, document.id, { userId: document.userId })
    expect(await document.state()).toBeNull()
    expect(await readBlob(document.orgId, inputSha256 ?? '')).toBeNull()
    expect(await eventsOf(document.orgId)).toEqual([])
    expect(await monthBalance(document.orgId)).toMatchObject({ characters: { used: 0, held: 0 }, tokens: { held: 0 } })
  })

  test('that was being translated is stopped, and billed for what was done', async () => {
    const document = await submitted()
    const engine = new CountingEngine(async (call, signal) => {
      if (call > 20) await untilAborted(signal)
    })
    const run = runDocument(contextOf(engine), await claimOf(document.id), forever)
    await expect.poll(async () => (await document.state())?.sentencesDone, { timeout: 10_000 }).toBeGreaterThanOrEqual(15)
    await removeDocument(document.orgId, document.id, { userId: document.userId })
    await run
    const [event, ...others] = await eventsOf(document.orgId)
    expect(others).toEqual([])
    expect(event?.characters).toBeGreaterThan(0)
    expect(event?.characters).toBeLessThan(document.characters)
    expect(await monthBalance(document.orgId)).toMatchObject({ characters: { used: event?.characters, held: 0 }, tokens: { held: 0 } })
  })

  test("goes when its time is over; a stranger's is not found", async () => {
    const document = await submitted('Hello.')
    await expect(removeDocument(document.orgId, document.id, { userId: randomUUID() })).rejects.toThrow(AppError)
    await runDocument(contextOf(new CountingEngine()), await claimOf(document.id), forever)
    expect(await removeExpiredDocuments()).toBe(0)
    expect(await removeExpiredDocuments(new Date(Date.now() + 25 * 60 * 60 * 1000))).toBeGreaterThan(0)
    expect(await document.state()).toBeNull()
  })
})
