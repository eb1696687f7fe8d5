import type { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { AppError } from '@/lib/contract/errors'
import { finishGeneration } from '@/lib/db/generation-chunks'
import type { Generation, Lease } from '@/lib/db/generations'
import type { Plan } from '@/lib/domain/plans'

import { ChunkWriter } from './chunk-writer'
import { generationParams } from './generation-params'
import { meteredCompletion } from './metered-completion'
import type { Runtime } from './runtime'

/** What generations need of the process that owns them. */
export interface GenerationContext {
  runtime: Runtime
  registry: CheckpointRegistry
  /** Names this process in the leases it takes. */
  leaseOwner: string
  /** Told of what went wrong while nobody was waiting for an answer. */
  report: (error: unknown, generationId: string) => void
}

export interface Run {
  generation: Generation
  lease: Lease
  plan: Plan
  /** By choice: the tokens stored by the process that held the lease before. */
  resume: readonly (readonly number[])[]
}

const MODERATED = "Your organisation's moderation policy stopped this answer."

/** Starts a run that nobody waits for: it goes on when the page that asked for it is closed. */
export function detachGeneration(context: GenerationContext, run: Run): void {
  runGeneration(context, run).catch((error: unknown) => context.report(error, run.generation.id))
}

/** Completes a generation under its lease, from its first token or from where another process left it. */
export async function runGeneration(context: GenerationContext, { generation, lease, plan, resume }: Run): Promise<void> {
  const interrupt = new AbortController()
  const writer = new ChunkWriter(lease, () => interrupt.abort())
  const finishReasons: (string | null)[] = Array.from({ length: generation.choices }, () => null)
  let error: string | null = null
  try {
    const params = generationParams.parse(generation.params)
    const checkpoint = await context.registry.find(generation.model)
    if (checkpoint === null) throw new AppError('model_not_found', `The model ${generation.model} is no longer installed.`)
    const begun = Array.from({ length: generation.choices }, (_, choice) => (resume[choice]?.length ?? 0) > 0)
    const caller = { requestId: generation.requestId, orgId: generation.orgId, userId: generation.userId, keyId: null, plan }
    const events = meteredCompletion(
      context.runtime,
      caller,
      {
        checkpoint,
        feature: generation.kind,
        prompt: generation.promptTokenIds,
        maxTokens: params.maxTokens,
        n: generation.choices,
        sampling: { temperature: params.temperature, topP: params.topP },
        seed: params.seed,
        stop: params.stop,
        stopTokenIds: params.stopTokenIds,
        ...(begun.includes(true) ? { resume: resume.map((tokenIds) => [...tokenIds]) } : {}),
      },
      interrupt.signal,
    )
    for await (const event of events) {
      for (const choice of event.choices) {
        let { text } = choice
        if (begun[choice.index] !== true) {
          if (params.trimStart) text = text.trimStart()
          if (text !== '') {
            text = params.lead + text
            begun[choice.index] = true
          }
        }
        writer.push(choice.index, text, choice.token_ids)
        if (choice.finish_reason !== null) finishReasons[choice.index] = choice.finish_reason
      }
    }
  } catch (thrown) {
    if (!interrupt.signal.aborted) {
      error = thrown instanceof AppError ? thrown.message : 'The answer could not be completed.'
      if (!(thrown instanceof AppError)) context.report(thrown, generation.id)
    }
  }
  if (!(await writer.close())) return
  // One answer of several that was cut short is told by its reason.
  if (error === null && finishReasons.every((reason) => reason === 'content_filter')) error = MODERATED
  const status = writer.stopped ? 'stopped' : error === null ? 'done' : 'failed'
  await finishGeneration(lease, { status, finishReasons, error })
}
