import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { parseEnv, type Env } from '@/lib/contract/env'
import { disconnectDatabase } from '@/lib/db/client'
import type { DatabaseUrls } from './database/open-database'
import { tryLock } from './file-lock'
import { assertPortFree, freePort } from './free-port'
import { readRuntime, removeRuntime, writeRuntime } from './runtime-file'
import { loadSecrets, type Secrets } from './secrets'
import { seedDemo } from './seed'
import { describeFailure, messageOf, SetupError } from './setup-error'
import { StepPrinter } from './step-printer'
import { cacheFolder } from './tensorflow/binding-cache'
import { installBinding, type InstalledBinding } from './tensorflow/install-binding'
import type { AppHealth } from './up/app-health'
import { Instance } from './up/instance'
import { buildApp } from './up/next-build'
import { assertWritable, checkSafety, isLoopback } from './up/preflight'

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
/** A Ctrl-C reaches this process from the terminal and once more from the program that started it. */
const SAME_SIGNAL_MS = 1000

const steps = new StepPrinter(process.stdout)
// A reader of the output that went away must not end the product.
process.stdout.on('error', () => undefined)

async function main(): Promise<number> {
  const started = Date.now()
  const env = parseEnv(process.env)
  const dataFolder = path.resolve(ROOT, env.PARLEY_DATA)
  for (const warning of checkSafety(env)) steps.note(`Warning: ${warning}`)
  await assertWritable(dataFolder)
  const lock = await tryLock(path.join(dataFolder, 'up.lock'))
  if (!('release' in lock)) {
    const running = await readRuntime(dataFolder)
    const where = running === null ? `it is starting (${lock.holder})` : `it serves ${running.appUrl} (process ${running.pid.toString()})`
    throw new SetupError(`Parley runs already over ${dataFolder}: ${where}`, 'stop that one with Ctrl-C, or set PARLEY_DATA to another folder (and PORT to another port)')
  }
  try {
    return await serve(env, dataFolder, started)
  } finally {
    await lock.release()
  }
}

async function serve(env: Env, dataFolder: string, started: number): Promise<number> {
  const port = env.PORT === 0 ? await freePort(env.HOST) : env.PORT
  await assertPortFree(port, env.HOST, 'PORT')
  if (env.WORKER_URL === undefined && env.WORKER_PORT !== 0) await assertPortFree(env.WORKER_PORT, env.WORKER_HOST, 'WORKER_PORT')
  await assertModel(env, dataFolder)
  const stopRequest = stopSignals()
  // What a stop interrupts ends with this process: every program it started is guarded.
  const binding = await Promise.race([prepareBinding(env), stopRequest.first])
  if (binding === undefined) return 0
  const instance = new Instance({ root: ROOT, env: { ...env, PARLEY_DATA: dataFolder }, dataFolder, port, binding, steps })
  try {
    await Promise.race([start(instance, env, dataFolder, started), stopRequest.first])
    await stopRequest.first
    return 0
  } finally {
    let patient = true
    void stopRequest.second.then(() => {
      patient = false
      return instance.stop(false)
    })
    await steps.step('Stopping', () => instance.stop(patient))
    await removeRuntime(dataFolder)
  }
}

async function start(instance: Instance, env: Env, dataFolder: string, started: number): Promise<void> {
  await instance.startWorker()
  const database = await instance.startDatabase()
  const secrets = await loadSecrets(dataFolder)
  const demo = database.embedded !== null && isLoopback(env.HOST)
  const seeded = demo ? await steps.step('Demo accounts', () => seed(database, secrets)) : null
  await buildApp(ROOT, steps)
  const { running, health } = await instance.startProcesses(database)
  await writeRuntime(dataFolder, {
    pid: process.pid,
    appUrl: running.appUrl,
    workerUrl: running.workerUrl,
    workerToken: running.workerToken,
    ownerUrl: database.ownerUrl,
    appDatabaseUrl: database.appUrl,
    operatorDatabaseUrl: database.operatorUrl,
    startedAt: new Date(started).toISOString(),
  })
  instance.keepRunning()
  const lines = [
    '',
    `Parley is ready after ${((Date.now() - started) / 1000).toFixed(1)} s:  ${env.NEXTAUTH_URL ?? running.appUrl}`,
    `  computes on  ${describeBackend(health)}`,
    `  model        ${health.worker.model ?? env.PARLEY_MODEL}`,
    ...(seeded === null ? [] : [`  demo         ${seeded.demoEmail}  password ${secrets.demoPassword}`, `  operator     ${seeded.operatorEmail}  password ${secrets.operatorPassword}`]),
    ...(env.SMTP_URL === undefined ? ['  mail         none: links are shown to whoever invites; set SMTP_URL to send them'] : []),
    `  logs         ${path.join(dataFolder, 'logs')}`,
    '  Ctrl-C stops everything.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function seed(urls: DatabaseUrls, passwords: Secrets): Promise<{ demoEmail: string; operatorEmail: string }> {
  // The database client of lib/db takes its addresses from the environment, at its first use.
  process.env['DATABASE_APP_URL'] = urls.appUrl
  process.env['DATABASE_OPERATOR_URL'] = urls.operatorUrl
  try {
    return await seedDemo({ demoPassword: passwords.demoPassword, operatorPassword: passwords.operatorPassword })
  } finally {
    await disconnectDatabase()
  }
}

/** A missing or broken default model is told before anything is built for it. */
async function assertModel(env: Env, dataFolder: string): Promise<void> {
  if (env.WORKER_URL !== undefined) return
  try {
    await new CheckpointRegistry({ dataDir: dataFolder, bundledDir: path.join(ROOT, 'models'), defaultModel: env.PARLEY_MODEL }).default()
  } catch (error) {
    throw new SetupError(`The model ${env.PARLEY_MODEL} cannot be used: ${messageOf(error)}`, 'set PARLEY_MODEL to a directory or a name that `npm run -s parley -- model list` shows, or fetch one: npm run -s parley -- model pull openai-community/gpt2', { cause: error })
  }
}

async function prepareBinding(env: Env): Promise<InstalledBinding> {
  if (env.WORKER_URL !== undefined) return { installed: false, reason: 'the worker at WORKER_URL computes', advice: '' }
  const cache = cacheFolder({ PARLEY_CACHE: env.PARLEY_CACHE, XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] })
  const binding = await installBinding({ root: ROOT, backend: env.PARLEY_BACKEND, cache, wheel: env.PARLEY_TENSORFLOW_WHEEL, steps })
  if (!binding.installed && env.PARLEY_BACKEND === 'auto') {
    steps.note(`Without TensorFlow, on WebAssembly and more slowly: ${binding.reason}`)
    steps.note(`What to do: ${binding.advice}`)
  }
  return binding
}

function describeBackend({ worker }: AppHealth): string {
  if (worker.backend === 'tensorflow') return `TensorFlow ${worker.tensorflow ?? ''}${worker.gpu === true ? ' on the GPU' : ' on the CPU'}`
  return `WebAssembly, without TensorFlow${worker.fallback_reason ? `: ${worker.fallback_reason}` : ''}`
}

/** Resolve at the first and at the second time that someone asks this process to stop. */
function stopSignals(): { first: Promise<void>; second: Promise<void> } {
  const asked: number[] = []
  let onFirst: () => void
  let onSecond: () => void
  const first = new Promise<void>((resolve) => {
    onFirst = resolve
  })
  const second = new Promise<void>((resolve) => {
    onSecond = resolve
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const last = asked.at(-1)
      if (last !== undefined && Date.now() - last < SAME_SIGNAL_MS) return
      asked.push(Date.now())
      if (asked.length === 1) onFirst()
      else onSecond()
    })
  }
  return { first, second }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stdout.write(`\nParley could not start.\n${describeFailure(error)}\n`)
    process.exit(1)
  },
)
