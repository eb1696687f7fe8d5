import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { WorkerHealth } from '@/lib/contract/worker'
import { EngineClient } from '@/lib/engine-client/engine-client'
import { SetupError } from '../setup-error'

const listening = z.object({ event: z.literal('listening'), url: z.string() })

/** A serve worker of the benchmark's own, with its model loaded. */
export interface BenchWorker {
  client: EngineClient
  health: WorkerHealth
  stop(): Promise<void>
}

/**
 * Starts `workers/serve.ts` on a free port and waits until its model is there.
 * @param model a checkpoint's name or folder
 */
export async function startBenchWorker(root: string, backend: 'tensorflow' | 'wasm', model: string): Promise<BenchWorker> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/serve.ts'], {
    cwd: root,
    env: { ...process.env, PARLEY_BACKEND: backend, PARLEY_MODEL: model, WORKER_PORT: '0', WORKER_HOST: '127.0.0.1', WORKER_TOKEN: '', PARLEY_SUPERVISED: '1', LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const client = new EngineClient({ url: await addressOf(child, backend), token: null })
  try {
    return { client, health: await untilLoaded(client), stop: () => stopWorker(child, client) }
  } catch (error) {
    await stopWorker(child, client)
    throw error
  }
}

async function addressOf(child: ChildProcess, backend: string): Promise<string> {
  if (child.stdout === null) throw new Error('The worker has no output.')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return listening.parse(JSON.parse(line)).url
  }
  throw new SetupError(`The worker did not start on ${backend}`, 'see its message above; npm run up once builds the TensorFlow binding')
}

async function untilLoaded(client: EngineClient): Promise<WorkerHealth> {
  for (;;) {
    const health = await client.health()
    if (health.status === 'ok') return health
    if (health.status === 'failed') throw new SetupError(`The worker failed: ${health.error ?? 'no reason given'}`, 'see its message above')
    await delay(100)
  }
}

async function stopWorker(child: ChildProcess, client: EngineClient): Promise<void> {
  await client.close()
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
