import { claimExpiredGeneration } from '@/lib/db/generation-chunks'

import { LEASE_SECONDS } from './chunk-writer'
import { detachGeneration, type GenerationContext } from './run-generation'

/** Takes over every generation whose process has died: each goes on from the tokens that are stored. */
export async function resumeGenerations(context: GenerationContext): Promise<number> {
  let taken = 0
  for (;;) {
    const claim = await claimExpiredGeneration(context.leaseOwner, LEASE_SECONDS)
    if (claim === null) return taken
    detachGeneration(context, claim)
    taken += 1
  }
}
