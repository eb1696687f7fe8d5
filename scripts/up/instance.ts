import { mkdir, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Env } from '@/lib/contract/env'
import { startDatabase, type OpenDatabase } from '../database/open-database'
import { startEmbedded, type EmbeddedDatabase } from '../database/embedded-postgres'
import { freePort } from '../free-port'
import { startGuarded } from '../guarded-child'
import { loadSecrets, type Secrets } from '../secrets'
import { messageOf } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import type { InstalledBinding } from '../tensorflow/install-binding'
import { untilHealthy, type AppHealth } from './app-health'
import { localAddress } from './preflight'
import { appEnv, workerEnv } from './process-env'
import { SupervisedProcess } from './supervised-process'

const READY_MS = 300_000
const APP_GRACE_MS = 10_000
const WORKER_GRACE_MS = 10_000
const LOG_BYTES = 10_000_000
/** Longer than clients and proxies keep an idle connection, so that none of them sends into one that closes. */
const KEEP_ALIVE_MS = '75000'

export interface InstanceOptions {
  root: string
  env: Env
  dataFolder: string
  port: number
  binding: InstalledBinding
  steps: StepPrinter
}

export interface RunningInstance {
  appUrl: string
  workerUrl: string
  workerToken: string | null
  urls: OpenDatabase
}

interface WorkerAddress {
  url: string
  token: string | null
}

/** The worker, the database and the app of one `up`: started in this order, stopped app first and database last. */
export class Instance {
  private database: OpenDatabase | null = null
  private embedded: EmbeddedDatabase | null = null
  private worker: SupervisedProcess | null = null
  private workerAddress: WorkerAddress | null = null
  private app: SupervisedProcess | null = null
  private readonly stopping = new AbortController()

  constructor(private readonly options: InstanceOptions) {}

  /** Begins to start the worker, which needs nothing of the others; `startProcesses` waits for it. */
  async startWorker(): Promise<void> {
    const { root, env, dataFolder, binding } = this.options
    if (env.WORKER_URL !== undefined) {
      this.workerAddress = { url: env.WORKER_URL, token: env.WORKER_TOKEN ?? null }
      return
    }
    const port = env.WORKER_PORT === 0 ? await freePort() : env.WORKER_PORT
    const token = env.WORKER_TOKEN ?? (await loadSecrets(dataFolder)).workerToken
    const childEnv = workerEnv({ base: process.env, env, dataFolder, port, token, binding })
    const logFile = await this.logFile('worker')
    const args = ['--import', 'tsx', 'workers/serve.ts']
    const start = () => startGuarded(process.execPath, args, { cwd: root, env: childEnv, logFile, stopSignal: 'SIGTERM' })
    this.worker = await SupervisedProcess.start({ name: 'worker', logFile, start, say: this.say })
    this.workerAddress = { url: localAddress(env.WORKER_HOST, port), token }
  }

  async startDatabase(): Promise<OpenDatabase> {
    const database = await startDatabase({ env: this.options.env, steps: this.options.steps, waitMs: 0 })
    this.database = database
    this.embedded = database.embedded
    return database
  }

  /** Starts the app over database and worker, and waits until all of them are well. */
  async startProcesses(urls: OpenDatabase): Promise<{ running: RunningInstance; health: AppHealth }> {
    const { options } = this
    const worker = this.workerAddress
    if (worker === null) throw new Error('The worker is started before the app.')
    const secrets = await loadSecrets(options.dataFolder)
    return options.steps.step('Starting', async (progress) => {
      this.app = await this.startApp(urls, secrets, worker)
      const appUrl = localAddress(options.env.HOST, options.port)
      const healthy = untilHealthy(appUrl, { timeoutMs: READY_MS, progress, signal: this.stopping.signal })
      const appReady = this.app.untilReady(healthy)
      const health = await (this.worker?.untilReady(appReady) ?? appReady)
      return { running: { appUrl, workerUrl: worker.url, workerToken: worker.token, urls }, health }
    })
  }

  /** From now on whatever ends is started again. */
  keepRunning(): void {
    void this.app?.keepRunning()
    void this.worker?.keepRunning()
    if (this.embedded !== null) void this.keepDatabaseRunning(this.embedded)
  }

  /** Stops the app, then the worker, then the database; `patient` gives running answers time to end. */
  async stop(patient: boolean): Promise<void> {
    this.stopping.abort()
    await this.app?.stop(patient ? APP_GRACE_MS : 0)
    await this.worker?.stop(patient ? WORKER_GRACE_MS : 0)
    await (this.embedded?.stop() ?? this.database?.close())
  }

  private async startApp(urls: OpenDatabase, secrets: Secrets, worker: WorkerAddress): Promise<SupervisedProcess> {
    const { root, env, dataFolder, port } = this.options
    const childEnv = appEnv({ base: process.env, env, dataFolder, port, urls, secrets, worker })
    const logFile = await this.logFile('app')
    const args = ['node_modules/next/dist/bin/next', 'start', '-p', port.toString(), '-H', env.HOST, '--keepAliveTimeout', KEEP_ALIVE_MS]
    const start = () => startGuarded(process.execPath, args, { cwd: root, env: childEnv, logFile, stopSignal: 'SIGTERM' })
    return SupervisedProcess.start({ name: 'app', logFile, start, say: this.say })
  }

  private async keepDatabaseRunning(first: EmbeddedDatabase): Promise<void> {
    let database = first
    for (;;) {
      await database.exited
      if (this.stopping.signal.aborted) return
      this.say('The embedded database ended; starting it again.')
      // It keeps its port: the app's connections lead there.
      const port = Number(new URL(database.ownerUrl).port)
      const { ownerPassword } = await loadSecrets(this.options.dataFolder)
      try {
        await database.stop()
        database = await startEmbedded({ dataFolder: this.options.dataFolder, password: ownerPassword, port })
        this.embedded = database
      } catch (error) {
        this.say(`The embedded database could not be started: ${messageOf(error)}. Stop Parley, see the message, and start it again.`)
        return
      }
    }
  }

  /** A log that has grown long is set aside; the one before it goes. */
  private async logFile(name: string): Promise<string> {
    const file = path.join(this.options.dataFolder, 'logs', `${name}.log`)
    await mkdir(path.dirname(file), { recursive: true })
    const state = await stat(file).catch(() => null)
    if (state !== null && state.size > LOG_BYTES) await rename(file, `${file}.old`)
    return file
  }

  private readonly say = (text: string): void => {
    this.options.steps.note(text)
  }
}
