import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { chatRequest, completionRequest } from '@/lib/contract/openai'
import { DEFAULT_MODERATION } from '@/lib/contract/privacy'
import { getConversation } from '@/lib/db/conversations'
import { listModerationFlags } from '@/lib/db/moderation-flags'
import { writePrivacySettings } from '@/lib/db/privacy-settings'
import { useDatabase } from '@/lib/db/testing/database'
import { makeTenant } from '@/lib/db/testing/tenant'
import { usageEvents } from '@/lib/db/usage'
import { loadTokenizer } from '@/lib/tokenizer/tokenizer'
import type { Caller } from './caller'
import { chatCompletion } from './chat-completion'
import { followGeneration } from './follow-generation'
import type { GenerationContext } from './run-generation'
import { openConversation } from './send-message'
import { startDrafts } from './start-drafts'
import { textCompletion } from './text-completion'
import { ScriptedEngine } from './testing/scripted-engine'
import { TokenizerCache } from './tokenizer-cache'
import { translateTexts } from './translate-text'

const BUNDLED = path.resolve('models')
const FOREVER = new AbortController().signal
const TEXT = "I'm a bot who was created by humans, and I like it."

useDatabase()

let engine: ScriptedEngine
let context: GenerationContext
let caller: Caller & { userId: string }

beforeEach(async () => {
  const tokenizer = await loadTokenizer(path.join(BUNDLED, 'parley-mini-0'))
  if (tokenizer === null) throw new Error('The bundled checkpoint has no tokenizer.')
  engine = new ScriptedEngine(tokenizer, TEXT)
  const registry = new CheckpointRegistry({ dataDir: path.join(tmpdir(), 'parley-no-models'), bundledDir: BUNDLED, defaultModel: 'parley-mini-0' })
  context = { runtime: { engine, tokenizers: new TokenizerCache() }, registry, leaseOwner: 'test', report: () => undefined }
  const { orgId, userId } = await makeTenant()
  caller = { orgId, userId, requestId: randomUUID(), keyId: null, plan: 'free' }
  await writePrivacySettings(orgId, userId, { moderation: { ...DEFAULT_MODERATION, input: 'block', output: 'block', words: ['created by humans'] } })
})

const MODEL = 'parley-mini-0'
const blocked = { code: 'content_policy_violation' }

async function end(generationId: string) {
  for await (const event of await followGeneration(context, { ...caller, generationId, after: 0 }, FOREVER)) if (event.type === 'end') return event
  throw new Error('It ended without saying so.')
}

async function events() {
  const found = []
  for await (const event of usageEvents(caller.orgId, new Date(0), new Date(Date.now() + 60_000))) found.push(event)
  return found
}

it('an answer on a page ends before the word and says why; what was written is billed', async () => {
  const { conversationId } = await openConversation(context, caller, { content: 'Who are you?' })
  const generation = (await getConversation(caller.orgId, caller.userId, conversationId))?.messages.at(-1)?.generation
  expect(await end(generation?.id ?? '')).toMatchObject({
    status: 'failed',
    texts: ["I'm a bot who was "],
    reasons: ['content_filter'],
    error: expect.stringContaining('moderation policy') as unknown,
  })
  expect(await listModerationFlags(caller.orgId, { limit: 9 })).toMatchObject([{ direction: 'output', action: 'blocked', category: 'own', requestId: caller.requestId, userId: caller.userId }])
  const [event] = await events()
  // Up to the token after the word, which decided it.
  expect(event?.completionTokens).toBeGreaterThan(0)
  expect(event?.completionTokens).toBeLessThan(engine.tokenIds.length)
})

it('a chat over the API ends with content_filter, and its usage is what was computed', async () => {
  const checkpoint = await context.registry.default()
  const news = chatCompletion(context.runtime, caller, checkpoint, chatRequest.parse({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }], logprobs: true }), FOREVER)
  let text = ''
  let reason: string | null = null
  let step = await news.next()
  for (; step.done !== true; step = await news.next()) {
    text += step.value.content
    reason = step.value.finishReason ?? reason
  }
  expect({ text, reason }).toEqual({ text: "I'm a bot who was ", reason: 'content_filter' })
  expect(await events()).toMatchObject([step.value])
})

it('nothing is held, computed or stored for an input that is blocked', async () => {
  const checkpoint = await context.registry.default()
  const text = 'We were created by humans.'
  const chat = chatRequest.parse({ model: MODEL, messages: [{ role: 'user', content: [{ type: 'text', text }] }] })
  const completion = completionRequest.parse({ model: MODEL, prompt: ['Fine.', text] })
  const translation = { texts: [text], source: 'en', target: 'fr', checkpoint, preserveFormatting: false, tagHandling: null }
  await expect(chatCompletion(context.runtime, caller, checkpoint, chat, FOREVER).next()).rejects.toMatchObject({ ...blocked, param: 'messages' })
  await expect(textCompletion(context.runtime, caller, checkpoint, completion, FOREVER).next()).rejects.toMatchObject({ ...blocked, param: 'prompt' })
  await expect(translateTexts(context.runtime, caller, translation, FOREVER)).rejects.toMatchObject({ ...blocked, param: 'text' })
  await expect(openConversation(context, caller, { content: text })).rejects.toMatchObject(blocked)
  await expect(startDrafts(context, caller, { opening: text, drafts: 2, maxTokens: 8, temperature: 1 })).rejects.toMatchObject(blocked)
  expect(engine.requests).toEqual([])
  expect(await events()).toEqual([])
  expect(await listModerationFlags(caller.orgId, { limit: 9 })).toHaveLength(5)
})

it('token ids are read as the text that they are', async () => {
  const checkpoint = await context.registry.default()
  const prompt = [...engine.tokenIds]
  const completion = completionRequest.parse({ model: MODEL, prompt })
  await expect(textCompletion(context.runtime, caller, checkpoint, completion, FOREVER).next()).rejects.toMatchObject(blocked)
})
