import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { Agent, fetch as undiciFetch } from 'undici'
import { parseEnv } from '@/lib/contract/env'
import { sweepHolds } from '@/lib/db/ledger-sweep'
import { freePort } from '../free-port'
import { loadSecrets } from '../secrets'
import { SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { buildApp } from '../up/next-build'
import { appEnv } from '../up/process-env'
import { openBenchDatabase, type BenchDatabase } from './bench-database'
import { KINDS, type LoadKind, type Observed, type Send } from './ledger-load/load-request'
import { makeLoadTenants } from './ledger-load/load-tenants'
import { judge, outcomeTable, type Verdict } from './ledger-load/load-verdict'
import { killAtRandom, RestartedProcess } from './ledger-load/restarted-process'
import { runLoad } from './ledger-load/run-load'
import type { BenchResult } from './result'

const CLIENTS = 64
const REQUESTS = 10_000
const STUB_LIVES_MS = 6000
/** The real model computes on the machine's own cores. */
const REAL = { clients: 12, requests: 500, livesMs: 8_000, patienceMs: 6000 }
const REAL_KINDS: readonly LoadKind[] = ['chat', 'completion', 'completion streamed', 'completion streamed, left half-way', 'translation']
/** Limits are looked at as ever, and are none. */
const NO_LIMIT = 'key=100000000,tenant=100000000,tokens=100000000'

interface Phase {
  observed: Observed[]
  verdict: Verdict
  kills: number
  appKills: number
  seconds: number
}

/**
 * The built app under load, with processes killed by SIGKILL: 10,000 requests against a stand-in of the
 * worker that dies at random, while the app itself is killed twice, then 500 through the real worker.
 */
export async function benchLedger(root: string, steps: StepPrinter): Promise<BenchResult> {
  await buildApp(root, steps)
  const database = await openBenchDatabase(steps)
  const owner = new pg.Client({ connectionString: database.urls.ownerUrl })
  await owner.connect()
  try {
    const setting = await startApp(root, database)
    try {
      const stubbed = await stubPhase(root, setting, owner, steps)
      const real = await realPhase(root, setting, owner, steps)
      const faults = [...stubbed.verdict.faults, ...real.verdict.faults]
      if (faults.length > 0) throw new SetupError(`The sums do not agree in ${faults.length} cases:\n${faults.slice(0, 20).join('\n')}`, 'this is a fault of Parley; keep the message')
      return resultOf(stubbed, real)
    } finally {
      await setting.app.stop()
    }
  } finally {
    await owner.end()
    await database.close()
  }
}

interface Setting {
  app: RestartedProcess
  workerPort: number
  dataFolder: string
  send: Send
}

async function startApp(root: string, database: BenchDatabase): Promise<Setting> {
  const { dataFolder, urls } = database
  const [port, workerPort] = [await freePort(), await freePort()]
  const env = parseEnv({ PARLEY_DATA: dataFolder, HOST: '127.0.0.1' })
  const base = {
    ...process.env,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_FREE: NO_LIMIT,
    RATE_LIMIT_PRO: NO_LIMIT,
    RATE_LIMIT_ENTERPRISE: NO_LIMIT,
    RATE_LIMIT_ADDRESS: 'requests=100000000,failures=100000000',
    SMTP_URL: '',
    STRIPE_SECRET_KEY: '',
  }
  const worker = { url: `http://127.0.0.1:${workerPort}`, token: null }
  const childEnv = appEnv({ base, env, dataFolder, port, urls, secrets: await loadSecrets(dataFolder), worker })
  const args = ['node_modules/next/dist/bin/next', 'start', '-p', port.toString(), '-H', '127.0.0.1']
  const url = `http://127.0.0.1:${port}`
  // A page that needs no worker, for there is none yet.
  const app = await RestartedProcess.start(args, { cwd: root, env: childEnv, logFile: path.join(dataFolder, 'logs/app.log') }, `${url}/sign-in`)
  const agent = new Agent({ connections: CLIENTS * 2, pipelining: 1 })
  const send: Send = async (route, { key, body, signal }) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await undiciFetch(`${url}${route}`, { method: 'POST', headers, body: JSON.stringify(body), signal, dispatcher: agent })
    return new Response(response.body as ReadableStream<Uint8Array> | null, { status: response.status, headers: [...response.headers] })
  }
  return { app, workerPort, dataFolder, send }
}

async function stubPhase(root: string, setting: Setting, owner: pg.Client, steps: StepPrinter): Promise<Phase> {
  const { workerPort, dataFolder } = setting
  const sentLog = path.join(dataFolder, 'sent')
  const env = { ...process.env, WORKER_PORT: workerPort.toString(), STUB_LOG: sentLog }
  const options = { cwd: root, env, logFile: path.join(dataFolder, 'logs/stub.log') }
  const worker = await RestartedProcess.start(['--import', 'tsx', 'scripts/bench/ledger-load/stub-worker.ts'], options, `http://127.0.0.1:${workerPort}/health`)
  try {
    return await phase({ setting, worker, owner, steps, title: `${REQUESTS} requests of ${CLIENTS} clients, stand-in worker`, requests: REQUESTS, clients: CLIENTS, livesMs: STUB_LIVES_MS, patienceMs: 600, appKills: 2, kinds: KINDS, sentLog })
  } finally {
    await worker.stop()
  }
}

async function realPhase(root: string, setting: Setting, owner: pg.Client, steps: StepPrinter): Promise<Phase> {
  const { workerPort, dataFolder } = setting
  const env = { ...process.env, PARLEY_DATA: dataFolder, WORKER_PORT: workerPort.toString(), WORKER_HOST: '127.0.0.1', WORKER_TOKEN: '', LOG_LEVEL: 'error', TF_CPP_MIN_LOG_LEVEL: '3' }
  const options = { cwd: root, env, logFile: path.join(dataFolder, 'logs/worker.log') }
  const worker = await RestartedProcess.start(['--import', 'tsx', 'workers/serve.ts'], options, `http://127.0.0.1:${workerPort}/health`)
  try {
    return await phase({ setting, worker, owner, steps, title: `${REAL.requests} requests through the real worker`, ...REAL, appKills: 0, kinds: REAL_KINDS, sentLog: null })
  } finally {
    await worker.stop()
  }
}

interface PhaseOptions {
  setting: Setting
  worker: RestartedProcess
  owner: pg.Client
  steps: StepPrinter
  title: string
  requests: number
  clients: number
  livesMs: number
  patienceMs: number
  appKills: number
  kinds: readonly LoadKind[]
  sentLog: string | null
}

async function phase({ setting, worker, owner, steps, title, requests, clients, livesMs, patienceMs, appKills, kinds, sentLog }: PhaseOptions): Promise<Phase> {
  const tenants = await makeLoadTenants(requests)
  const killsBefore = setting.app.kills
  const started = performance.now()
  const observed = await steps.step(title, async (progress) => {
    const over = new AbortController()
    const killing = killAtRandom(worker, livesMs, over.signal)
    const appKilling: Promise<void>[] = []
    const onDone = (done: number): void => {
      progress(`${done} of ${requests}; worker killed ${worker.kills} times, app ${setting.app.kills - killsBefore}`, done / requests)
      if (appKilling.length < appKills && done >= (requests * (appKilling.length + 1)) / (appKills + 1)) appKilling.push(setting.app.kill())
    }
    const seen = await runLoad({ send: setting.send, tenants, requests, clients, patienceMs, kinds, onDone }).finally(() => over.abort())
    await Promise.all([killing, ...appKilling])
    return seen
  })
  const seconds = (performance.now() - started) / 1000
  const verdict = await steps.step('Adding up', async (progress) => {
    progress('what is still being settled')
    // Whoever left half-way is settled within moments; what the dead held would be swept in two minutes.
    await delay(3000)
    await sweepHolds(new Date(Date.now() + 3_600_000))
    return judge(owner, tenants, observed, sentLog)
  })
  return { observed, verdict, kills: worker.kills, appKills: setting.app.kills - killsBefore, seconds }
}

function resultOf(stubbed: Phase, real: Phase): BenchResult {
  const block = (name: string, { observed }: Phase, kinds: readonly LoadKind[]) => outcomeTable(observed, kinds).map((row) => [name, ...row])
  const words = (name: string, { verdict, kills, appKills, seconds, observed }: Phase) =>
    `${name}: ${observed.length} requests in ${seconds.toFixed(1)} s (${(observed.length / seconds).toFixed(0)} a second), worker killed ${kills} times, app ${appKills}; ` +
    `${verdict.events} events of ${verdict.tokens} tokens, ${verdict.unanswered} of them of requests whose client got no response.`
  return {
    title: 'The ledger under load, processes killed with SIGKILL: how requests ended',
    columns: ['worker', 'request', 'answered', 'refused', 'cut off', 'failed', 'no response'],
    rows: [...block('stand-in', stubbed, KINDS), ...block('real', real, REAL_KINDS)],
    notes: [
      words('Stand-in worker', stubbed),
      words('Real worker', real),
      'Compared, with no difference: each answered request with its one event, token by token and character by character; each stream that was cut off, whose event has at least what its client saw and at most what the stand-in sent; refused requests, which have no event; events with balances, hours, days, members and keys, and with the price list; quotas and budgets, none of them passed.',
    ],
  }
}
