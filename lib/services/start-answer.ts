import { randomInt } from 'node:crypto'

import type { Message } from '@/lib/db/conversations'
import { startGeneration } from '@/lib/db/generations'

import type { Caller } from './caller'
import { chatStopTokenIds } from './chat-completion'
import { answeredTurns } from './chat-history'
import { chatPromptWithin } from './chat-prompt'
import { LEASE_SECONDS } from './chunk-writer'
import type { GenerationParams } from './generation-params'
import { requireFeature } from './require-feature'
import { moderateInput } from './moderation'
import { detachGeneration, type GenerationContext } from './run-generation'
import type { TextModel } from './text-model'

/** The most that one answer may say, where the model's context has room for it. */
const ANSWER_TOKENS = 512

interface Question {
  conversationId: string
  /** What stands in the conversation before the question. */
  before: readonly Message[]
  content: string
  /** Whether the question stands there already and is only to be answered again. */
  stored: boolean
}

/** Builds the prompt and starts the answer to a question, which goes on whether or not anyone watches it. */
export async function startAnswer(
  context: GenerationContext,
  caller: Caller & { userId: string },
  { checkpoint, tokenizer }: TextModel,
  { conversationId, before, content, stored }: Question,
): Promise<{ generationId: string }> {
  await requireFeature('chat')
  if (!stored) await moderateInput(caller, [content], 'content')
  const { positions } = checkpoint.config
  const turns = [...answeredTurns(before), { role: 'user' as const, content }]
  // The oldest turns give way, so that at least half of the context, or a full answer, is left to answer in.
  const prompt = chatPromptWithin(tokenizer, turns, positions - Math.min(ANSWER_TOKENS, Math.floor(positions / 2)))
  const params: GenerationParams = {
    maxTokens: Math.max(1, Math.min(ANSWER_TOKENS, positions - prompt.ids.length)),
    temperature: 0.6,
    topP: 0.9,
    seed: randomInt(2 ** 31),
    stop: [...prompt.stop],
    stopTokenIds: chatStopTokenIds(checkpoint, tokenizer),
    trimStart: prompt.trimStart,
    lead: '',
  }
  const { generation, lease } = await startGeneration({
    orgId: caller.orgId,
    userId: caller.userId,
    requestId: caller.requestId,
    kind: 'chat',
    model: checkpoint.name,
    params,
    promptTokenIds: prompt.ids,
    choices: 1,
    leaseOwner: context.leaseOwner,
    leaseSeconds: LEASE_SECONDS,
    conversation: { id: conversationId, message: stored ? null : content, expectedMessages: before.length + (stored ? 1 : 0) },
  })
  detachGeneration(context, { generation, lease, plan: caller.plan, resume: [] })
  return { generationId: generation.id }
}
