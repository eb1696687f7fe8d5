import type { GenerationEvent } from '@/lib/contract/browser'
import { AppError } from '@/lib/contract/errors'
import { readChunks } from '@/lib/db/generation-chunks'
import { onGeneration } from '@/lib/db/listen'

import { resumeGenerations } from './resume-generations'
import type { GenerationContext } from './run-generation'
import { WakeUp } from './wake-up'

/** How long a follower sleeps without news before it looks by itself; then also whether the process behind it died. */
const PATIENCE_MS = 2000

interface Follow {
  orgId: string
  userId: string
  generationId: string
  /** The number of the last chunk that the follower has. */
  after: number
}

/**
 * Every chunk after the given number, once and in order, as they are stored, then the end. Any number of pages may
 * follow the same generation, and each from wherever it stands.
 * Throws not_found, before the first event, where there is no such generation of this person.
 */
export async function followGeneration(
  context: GenerationContext,
  { orgId, userId, generationId, after }: Follow,
  signal: AbortSignal,
): Promise<AsyncGenerator<GenerationEvent, void, undefined>> {
  const read = async (from: number) => {
    const state = await readChunks(orgId, userId, generationId, from)
    if (state === null) throw new AppError('not_found', 'There is no such answer.')
    return state
  }
  const first = await read(after)

  async function* events(): AsyncGenerator<GenerationEvent, void, undefined> {
    const news = new WakeUp()
    const unsubscribe = onGeneration(generationId, news.notify)
    try {
      let seen = after
      let state = first
      for (;;) {
        for (const { seq, choice, text } of state.chunks) {
          yield { type: 'chunk', seq, choice, text }
          seen = seq
        }
        const { status, outputs, finishReasons, error } = state.generation
        if (status !== 'running') {
          yield { type: 'end', status, texts: outputs, reasons: finishReasons, error }
          return
        }
        const woken = await news.wait(PATIENCE_MS, signal)
        if (signal.aborted) return
        if (!woken) await resumeGenerations(context)
        state = await read(seen)
      }
    } finally {
      unsubscribe()
    }
  }
  return events()
}
