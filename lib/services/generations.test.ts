import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { beforeEach, describe, expect, it } from 'vitest'

import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import type { GenerationEvent } from '@/lib/contract/browser'
import { AppError } from '@/lib/contract/errors'
import { createConversation, getConversation } from '@/lib/db/conversations'
import { appendChunks } from '@/lib/db/generation-chunks'
import { requestStop, startGeneration } from '@/lib/db/generations'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { usageEvents } from '@/lib/db/usage'
import type { UsageEvent } from '@/lib/db/usage-event'
import { loadTokenizer } from '@/lib/tokenizer/tokenizer'

import type { Caller } from './caller'
import { followGeneration } from './follow-generation'
import { regenerateAnswer } from './regenerate-answer'
import { resumeGenerations } from './resume-generations'
import type { GenerationContext } from './run-generation'
import { openConversation, sendMessage } from './send-message'
import { ScriptedEngine } from './testing/scripted-engine'
import { TokenizerCache } from './tokenizer-cache'

const BUNDLED = path.resolve('models')
const FOREVER = new AbortController().signal

useDatabase()

let engine: ScriptedEngine
let context: GenerationContext
let sender: { orgId: string; userId: string }

beforeEach(async () => {
  const tokenizer = await loadTokenizer(path.join(BUNDLED, 'parley-mini-0'))
  if (tokenizer === null) throw new Error('The bundled checkpoint has no tokenizer.')
  engine = new ScriptedEngine(tokenizer, "I'm a bot who was created by humans, and I like it.")
  const registry = new CheckpointRegistry({ dataDir: path.join(tmpdir(), 'parley-no-models'), bundledDir: BUNDLED, defaultModel: 'parley-mini-0' })
  context = { runtime: { engine, tokenizers: new TokenizerCache() }, registry, leaseOwner: 'test', report: () => undefined }
  sender = await makeTenant()
})

const caller = (): Caller & { userId: string } => ({ ...sender, requestId: randomUUID(), keyId: null, plan: 'free' })

async function answerOf(conversationId: string): Promise<{ generationId: string; content: string }> {
  const conversation = await getConversation(sender.orgId, sender.userId, conversationId)
  const answer = conversation?.messages.at(-1)
  if (!answer?.generation) throw new Error('There is no answer.')
  return { generationId: answer.generation.id, content: answer.content }
}

/** Events of a generation as they come, and `until` to wait for a certain text. */
async function follow(generationId: string, after = 0) {
  const events: GenerationEvent[] = []
  const text = (): string => events.map((event) => (event.type === 'chunk' ? event.text : '')).join('')
  const source = await followGeneration(context, { ...sender, generationId, after }, FOREVER)
  const until = async (wanted: string): Promise<void> => {
    while (text() !== wanted) {
      const next = await source.next()
      if (next.done === true) throw new Error(`It ended with ${JSON.stringify(text())}.`)
      events.push(next.value)
    }
  }
  const toEnd = async (): Promise<Extract<GenerationEvent, { type: 'end' }>> => {
    for await (const event of source) events.push(event)
    const last = events.at(-1)
    if (last?.type !== 'end') throw new Error('It ended without saying so.')
    return last
  }
  return { events, text, until, toEnd }
}

async function usage(): Promise<UsageEvent[]> {
  const events: UsageEvent[] = []
  for await (const event of usageEvents(sender.orgId, new Date(0), new Date(Date.now() + 60_000))) events.push(event)
  return events
}

describe('an answer', () => {
  it('is followed from any chunk on, and each follower sees every character once', async () => {
    engine.pauseAfter = 4
    const { conversationId } = await openConversation(context, caller(), { content: 'Are you a robot?' })
    const { generationId } = await answerOf(conversationId)
    const early = await follow(generationId)
    await early.until(engine.firstTokens(4))
    const seen = early.events.at(-1)
    const late = await follow(generationId, seen?.type === 'chunk' ? seen.seq : 0)
    engine.goOn()
    const [end] = await Promise.all([early.toEnd(), late.toEnd()])
    expect(end).toMatchObject({ status: 'done', texts: [engine.text], reasons: ['stop'], error: null })
    expect(early.text()).toBe(engine.text)
    expect(engine.firstTokens(4) + late.text()).toBe(engine.text)
    expect((await answerOf(conversationId)).content).toBe(engine.text)
  })

  it('keeps what was said when it is stopped, and bills that alone', async () => {
    engine.pauseAfter = 4
    const { conversationId } = await openConversation(context, caller(), { content: 'Are you a robot?' })
    const { generationId } = await answerOf(conversationId)
    const follower = await follow(generationId)
    await follower.until(engine.firstTokens(4))
    expect(await requestStop(sender.orgId, sender.userId, generationId)).toBe(true)
    expect(await follower.toEnd()).toMatchObject({ status: 'stopped', texts: [engine.firstTokens(4)] })
    expect((await answerOf(conversationId)).content).toBe(engine.firstTokens(4))
    expect(await usage()).toMatchObject([{ feature: 'chat', completionTokens: 4, promptTokens: engine.requests[0]?.prompt.length }])
  })

  it('that fails says why, costs nothing, and is given anew in its place', async () => {
    engine.failure = new AppError('engine_unavailable', 'The model server is not there.')
    const { conversationId } = await openConversation(context, caller(), { content: 'Are you a robot?' })
    const failed = await follow((await answerOf(conversationId)).generationId)
    expect(await failed.toEnd()).toMatchObject({ status: 'failed', error: 'The model server is not there.' })
    expect(await usage()).toEqual([])

    engine.failure = null
    await regenerateAnswer(context, caller(), { conversationId })
    await (await follow((await answerOf(conversationId)).generationId)).toEnd()
    const conversation = await getConversation(sender.orgId, sender.userId, conversationId)
    expect(conversation?.messages.map(({ role, content }) => ({ role, content }))).toEqual([
      { role: 'user', content: 'Are you a robot?' },
      { role: 'assistant', content: engine.text },
    ])
  })

  it('whose process died is taken over from the tokens that are stored, which do not change', async () => {
    const conversation = await createConversation(sender.orgId, sender.userId, { title: 'Robots', model: 'parley-mini-0' })
    const params = { maxTokens: 50, temperature: 0.6, topP: 0.9, seed: 7, stop: [], stopTokenIds: [], trimStart: false, lead: '' }
    const { generation, lease } = await startGeneration({
      ...caller(),
      kind: 'chat',
      model: 'parley-mini-0',
      params,
      promptTokenIds: [1, 2, 3],
      choices: 1,
      leaseOwner: 'a process that dies',
      leaseSeconds: -1,
      conversation: { id: conversation.id, message: 'Are you a robot?', expectedMessages: 0 },
    })
    await appendChunks(lease, [{ choice: 0, text: engine.firstTokens(4), tokenIds: engine.tokenIds.slice(0, 4) }], 0)
    const follower = await follow(generation.id)
    await follower.until(engine.firstTokens(4))

    expect(await resumeGenerations(context)).toBe(1)
    expect(await follower.toEnd()).toMatchObject({ status: 'done', texts: [engine.text] })
    expect(follower.text()).toBe(engine.text)
    expect(engine.requests).toMatchObject([{ prompt: [1, 2, 3], seed: 7, resume: [engine.tokenIds.slice(0, 4)] }])
    expect(await appendChunks(lease, [{ choice: 0, text: 'too late', tokenIds: [9] }], 60)).toBeNull()
    expect(await usage()).toMatchObject([{ promptTokens: 3, completionTokens: engine.tokenIds.length }])
    expect(await resumeGenerations(context)).toBe(0)
  })

  it('belongs to its person: for anyone else it does not exist', async () => {
    const { conversationId } = await openConversation(context, caller(), { content: 'Are you a robot?' })
    const { generationId } = await answerOf(conversationId)
    await (await follow(generationId)).toEnd()
    const other = await makeTenant()
    await expect(followGeneration(context, { ...other, generationId, after: 0 }, FOREVER)).rejects.toMatchObject({ code: 'not_found' })
    await expect(sendMessage(context, { ...caller(), ...other }, { conversationId, content: 'Hello' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(regenerateAnswer(context, { ...caller(), ...other }, { conversationId })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a conversation', () => {
  it('takes no second message while an answer is under way', async () => {
    engine.pauseAfter = 2
    const { conversationId } = await openConversation(context, caller(), { content: 'Are you a robot?' })
    await expect(sendMessage(context, caller(), { conversationId, content: 'Hello?' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(regenerateAnswer(context, caller(), { conversationId })).rejects.toMatchObject({ code: 'conflict' })
    engine.goOn()
    await (await follow((await answerOf(conversationId)).generationId)).toEnd()
    expect(engine.requests).toHaveLength(1)
  })

  it('longer than the context leaves its oldest turns out of the prompt', async () => {
    const long = 'I went to the market and bought many things for my mother. '.repeat(3)
    const { conversationId } = await openConversation(context, caller(), { content: `FIRST ${long}` })
    await (await follow((await answerOf(conversationId)).generationId)).toEnd()
    await sendMessage(context, caller(), { conversationId, content: 'And the LAST one?' })
    await (await follow((await answerOf(conversationId)).generationId)).toEnd()
    const tokenizer = await loadTokenizer(path.join(BUNDLED, 'parley-mini-0'))
    const prompt = tokenizer?.decode(engine.requests[1]?.prompt ?? []) ?? ''
    expect(prompt).not.toContain('FIRST')
    expect(prompt).toContain('And the LAST one?')
    const conversation = await getConversation(sender.orgId, sender.userId, conversationId)
    expect(conversation?.messages).toHaveLength(4)
  })
})
