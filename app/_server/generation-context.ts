import { hostname } from 'node:os'

import { serverContext } from '@/lib/http/server-context'
import type { GenerationContext } from '@/lib/services/run-generation'

/** This process as the owner of generations. */
export function generationContext(): GenerationContext {
  const { runtime, registry, logger } = serverContext()
  return {
    runtime,
    registry,
    leaseOwner: `${hostname()}/${process.pid}`,
    report: (error, generation) => logger.error({ err: error, generation }, 'a generation failed'),
  }
}
