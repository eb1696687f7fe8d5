import { parentPort, workerData } from 'node:worker_threads'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import type { WorkerHealth } from '@/lib/contract/worker'
import { createLogger } from '@/workers/logger'
import { liveTensors, startBackend } from '@/workers/model/backend'
import { DefaultModel } from './default-model'
import { Engine } from './engine'
import { loadGpt2Checkpoint } from './gpt2-language-model'
import type { JobListener } from './job'
import { threadOptions, toThread, workerErrorCode } from './messages'
import type { FromThread } from './messages'
import { ModelPool } from './model-pool'
import { WorkSignal } from './work-signal'

/** The engine's thread: all tensor work happens here, and between two steps it listens. */

if (parentPort === null) throw new Error('The engine runs in a worker thread.')
const port = parentPort
const options = threadOptions.parse(workerData)
const log = createLogger(options.logLevel)

function post(message: FromThread): void {
  port.postMessage(message)
}

function listener(id: string): JobListener {
  return {
    accepted: () => post({ type: 'accepted', id }),
    event: (event) => post({ type: 'event', id, event }),
    end: () => post({ type: 'end', id }),
    fail: (error) => {
      if (error.cause !== undefined) log.error({ request: id, err: error.cause }, error.message)
      post({ type: 'fail', id, code: workerErrorCode(error), message: error.message, ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }) })
    },
  }
}

const backend = await startBackend(options.backend)
log.info(backend, 'backend started')

const registry = new CheckpointRegistry(options)
const pool = new ModelPool(
  {
    find: (name) => registry.find(name),
    load: async (checkpoint) => {
      const started = performance.now()
      const loaded = await loadGpt2Checkpoint(checkpoint)
      log.info({ model: loaded.name, bytes: loaded.model.bytes, ms: Math.round(performance.now() - started) }, 'model loaded')
      return loaded
    },
  },
  options.modelBytes,
)
const work = new WorkSignal()
const startedAt = Date.now()
const limits = { maxSequences: 128, cacheBytes: options.cacheBytes, maxWaiting: 256, prefillMs: 80 }
const engine = new Engine({
  limits,
  acquire: (name) => pool.acquire(name),
  clock: () => performance.now(),
  onWork: () => work.raise(),
  onStepError: (error, model) => log.error({ err: error, model }, 'step failed'),
})

function status(): WorkerHealth {
  const { status, name, error } = defaultModel.state
  return {
    status,
    backend: backend.name,
    tensorflow: backend.tensorflow,
    fallback_reason: backend.fallbackReason === null ? null : (options.fallbackReason ?? backend.fallbackReason),
    gpu: backend.gpu,
    model: name,
    loaded: pool.loaded(),
    running: engine.running,
    waiting: engine.waiting,
    tensors: liveTensors(),
    activity: {
      started_at: startedAt,
      steps: engine.counts.steps,
      prompt_tokens: engine.counts.promptTokens,
      sampled_tokens: engine.counts.sampledTokens,
      memory_bytes: process.memoryUsage.rss(),
      max_running: limits.maxSequences,
      max_waiting: limits.maxWaiting,
    },
    error,
  }
}

function postStatus(): void {
  post({ type: 'status', status: status() })
}

const defaultModel = new DefaultModel(options.defaultModel, {
  resolve: async () => (await registry.default()).name,
  load: async (name) => (await pool.acquire(name)).release(),
  onChange: () => {
    if (defaultModel.state.error !== null) log.error({ model: defaultModel.state.name }, defaultModel.state.error)
    postStatus()
  },
  retryEvery: 5000,
})

port.on('message', (raw: unknown) => {
  const parsed = toThread.safeParse(raw)
  // A schema's own error loses its message on the way to the main thread.
  if (!parsed.success) throw new Error(`The engine thread does not understand a message: ${parsed.error.message}`)
  const message = parsed.data
  switch (message.type) {
    case 'submit':
      void engine.submit(message.id, message.request, listener(message.id)).finally(postStatus)
      return
    case 'cancel':
      engine.cancel(message.id)
      break
    case 'cancel-all':
      engine.cancelAll()
      post({ type: 'cancelled-all' })
      break
  }
  postStatus()
})

async function run(): Promise<never> {
  for (;;) {
    if (engine.step()) postStatus()
    else await work.wait()
    // Messages that came during the step are read before the next.
    await nextTurn()
  }
}

postStatus()
void defaultModel.load()
await run()
