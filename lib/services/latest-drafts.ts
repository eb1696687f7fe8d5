import { z } from 'zod'

import type { Drafts } from '@/lib/contract/browser'
import { readChunks } from '@/lib/db/generation-chunks'
import { listGenerations } from '@/lib/db/generations'

const opened = z.object({ opening: z.string() })

/** The drafts that the person wrote last, as far as they are; null where there are none. */
export async function latestDrafts(orgId: string, userId: string): Promise<Drafts | null> {
  const [generation] = await listGenerations(orgId, userId, 'write', 1)
  const params = opened.safeParse(generation?.params)
  if (generation === undefined || !params.success) return null
  const state = generation.status === 'running' ? await readChunks(orgId, userId, generation.id, 0) : null
  const texts = Array.from({ length: generation.choices }, (_, choice) =>
    state === null
      ? (generation.outputs[choice] ?? '')
      : state.chunks
          .filter((chunk) => chunk.choice === choice)
          .map(({ text }) => text)
          .join(''),
  )
  return {
    generation: { id: generation.id, status: generation.status, error: generation.error, after: state?.chunks.at(-1)?.seq ?? 0 },
    opening: params.data.opening,
    texts,
    reasons: generation.finishReasons,
  }
}
