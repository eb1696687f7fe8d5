import path from 'node:path'
import { pino, type Logger } from 'pino'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { parseEnv, type Env } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import { rateLimits, type RateLimits } from '@/lib/domain/rate-limits'
import { EngineClient } from '@/lib/engine-client/engine-client'
import type { Runtime } from '@/lib/services/runtime'
import { TokenizerCache } from '@/lib/services/tokenizer-cache'

/** A model that was served this long ago is taken to be there. */
const MODELS_FRESH_MS = 250

/** What an app process makes once and keeps. */
export interface ServerContext {
  env: Env
  registry: CheckpointRegistry
  runtime: Runtime
  /** Throws AppError engine_unavailable where the process was started without a worker. */
  engine: () => EngineClient
  logger: Logger
  rateLimits: RateLimits
}

declare global {
  /** Next's development server loads modules anew on each change; connections and caches outlive that here. */
  var parleyServerContext: ServerContext | undefined
}

/** Made at the first request: at build time there is no environment to read. */
export function serverContext(): ServerContext {
  return (globalThis.parleyServerContext ??= createServerContext(parseEnv(process.env)))
}

function createServerContext(env: Env): ServerContext {
  const bundledDir = path.join(process.cwd(), 'models')
  let client: EngineClient | null = null
  const engine = (): EngineClient => {
    if (env.WORKER_URL === undefined) throw new AppError('engine_unavailable', 'There is no model server: WORKER_URL is not set.')
    return (client ??= new EngineClient({ url: env.WORKER_URL, token: env.WORKER_TOKEN ?? null }))
  }
  return {
    env,
    registry: new CheckpointRegistry({ dataDir: env.PARLEY_DATA, bundledDir, defaultModel: env.PARLEY_MODEL, freshMs: MODELS_FRESH_MS }),
    runtime: { engine: { complete: (input, signal) => engine().complete(input, signal) }, tokenizers: new TokenizerCache() },
    engine,
    logger: pino({ level: env.LOG_LEVEL, base: { process: 'next' } }),
    rateLimits: rateLimits({
      plans: { free: env.RATE_LIMIT_FREE, pro: env.RATE_LIMIT_PRO, enterprise: env.RATE_LIMIT_ENTERPRISE },
      address: env.RATE_LIMIT_ADDRESS,
    }),
  }
}
