import { randomInt } from 'node:crypto'

import { AppError } from '@/lib/contract/errors'
import { startGeneration } from '@/lib/db/generations'

import type { Caller } from './caller'
import { LEASE_SECONDS } from './chunk-writer'
import { draftPrompt } from './draft-prompt'
import type { GenerationParams } from './generation-params'
import { requireFeature } from './require-feature'
import { moderateInput } from './moderation'
import { detachGeneration, type GenerationContext } from './run-generation'
import { findTextModel } from './text-model'

interface Opening {
  opening: string
  drafts: number
  maxTokens: number
  temperature: number
  model?: string | undefined
}

/** Starts several continuations of an opening side by side, from one reading of it. */
export async function startDrafts(
  context: GenerationContext,
  caller: Caller & { userId: string },
  { opening, drafts, maxTokens, temperature, model }: Opening,
): Promise<{ generationId: string }> {
  await requireFeature('write')
  const textModel = await findTextModel(context.runtime, context.registry, model)
  const { checkpoint } = textModel
  await moderateInput(caller, [opening], 'opening')
  const prompt = draftPrompt(textModel, opening)
  const room = checkpoint.config.positions - prompt.ids.length
  if (room < 1) {
    throw new AppError(
      'context_length_exceeded',
      `The opening has ${prompt.ids.length} tokens, and ${checkpoint.name} reads at most ${checkpoint.config.positions - 1} before it writes. Shorten it.`,
      { param: 'opening' },
    )
  }
  const params: GenerationParams = {
    maxTokens: Math.min(maxTokens, room),
    temperature,
    topP: temperature === 0 ? 1 : 0.95,
    seed: randomInt(2 ** 31),
    stop: [],
    stopTokenIds: prompt.stopTokenIds,
    trimStart: prompt.trimStart,
    lead: prompt.lead,
  }
  const { generation, lease } = await startGeneration({
    orgId: caller.orgId,
    userId: caller.userId,
    requestId: caller.requestId,
    kind: 'write',
    model: checkpoint.name,
    params: { ...params, opening },
    promptTokenIds: prompt.ids,
    choices: drafts,
    leaseOwner: context.leaseOwner,
    leaseSeconds: LEASE_SECONDS,
    conversation: null,
  })
  detachGeneration(context, { generation, lease, plan: caller.plan, resume: [] })
  return { generationId: generation.id }
}
