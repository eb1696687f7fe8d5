import { once } from 'node:events'
import type { Server } from 'node:http'
import { totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { parseEnv } from '@/lib/contract/env'
import type { Env } from '@/lib/contract/env'
import { EngineThread } from './engine/thread-client'
import { assertMayBind } from './http/authorization'
import { createWorkerServer } from './http/server'
import { createLogger } from './logger'

/** The generation server: reads the environment, wires engine and HTTP, and ends in order. */

/** Requests have this long to finish after a signal to stop. */
const GRACE_MS = 5000
const MEBIBYTE = 2 ** 20

const env: Env = parseEnv(process.env)
const token = env.WORKER_TOKEN ?? null
const log = createLogger(env.LOG_LEVEL)
const folders = {
  dataDir: path.resolve(env.PARLEY_DATA),
  bundledDir: path.join(import.meta.dirname, '..', 'models'),
  defaultModel: env.PARLEY_MODEL,
}

function fatal(error: unknown): never {
  log.fatal({ err: error }, error instanceof Error ? error.message : 'The worker failed.')
  process.exit(1)
}

async function listen(server: Server): Promise<string> {
  server.listen(env.WORKER_PORT, env.WORKER_HOST)
  await once(server, 'listening').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : 'unknown'
    throw new Error(`The worker cannot listen on ${env.WORKER_HOST}, port ${env.WORKER_PORT} (${reason}); set WORKER_PORT to a free port, or to 0.`, { cause })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a TCP port.')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}

async function start(): Promise<void> {
  assertMayBind(env.WORKER_HOST, token)
  // Whoever was waiting has been told; the supervisor starts a new worker.
  const engine = await EngineThread.start(
    {
      ...folders,
      backend: env.PARLEY_BACKEND,
      fallbackReason: env.PARLEY_FALLBACK_REASON ?? null,
      modelBytes: env.PARLEY_MODEL_MEMORY_MB * MEBIBYTE,
      cacheBytes: Math.min(4096 * MEBIBYTE, totalmem() / 4),
      logLevel: env.LOG_LEVEL,
    },
    (error) => setTimeout(() => fatal(error), 100),
  )
  const registry = new CheckpointRegistry(folders)
  let draining = false
  const server = createWorkerServer({
    submit: (request, listener) => engine.submit(request, listener),
    health: () => engine.status(),
    models: async () => (await registry.list()).map(({ name, createdAt }) => ({ id: name, created: Math.floor(createdAt.getTime() / 1000) })),
    token,
    draining: () => draining,
    log,
  })

  const stop = async (reason: string): Promise<void> => {
    if (draining) return
    draining = true
    log.info({ reason }, 'stopping')
    server.close()
    server.closeIdleConnections()
    for (const deadline = Date.now() + GRACE_MS; engine.busy && Date.now() < deadline; ) await delay(20)
    if (engine.busy) await engine.cancelAll()
    server.closeIdleConnections()
    await Promise.race([once(server, 'close'), delay(500)])
    await engine.terminate()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
  if (env.PARLEY_SUPERVISED) {
    process.stdin.resume()
    process.stdin.once('close', () => void stop('the supervisor has gone'))
  }

  const url = await listen(server)
  log.info({ url }, 'listening')
  // The supervisor reads the address here, for the port may have been left to the system.
  process.stdout.write(`${JSON.stringify({ event: 'listening', url })}\n`)
}

start().catch(fatal)
