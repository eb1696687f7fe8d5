import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type Dispatcher } from 'undici'
import { z } from 'zod'
import { newApiKey } from '@/lib/auth/api-key-format'
import { parseEnv } from '@/lib/contract/env'
import { admitRequest } from '@/lib/db/admission'
import { createApiKey } from '@/lib/db/api-keys'
import { placeHold, settleHold } from '@/lib/db/ledger'
import { createOrganization } from '@/lib/db/organizations'
import { rateLimits } from '@/lib/domain/rate-limits'
import { freePort } from '../free-port'
import { startGuarded } from '../guarded-child'
import { loadSecrets } from '../secrets'
import type { StepPrinter } from '../step-printer'
import { buildApp } from '../up/next-build'
import { appEnv } from '../up/process-env'
import { untilHealthy } from '../up/app-health'
import { openBenchDatabase, type BenchDatabase } from './bench-database'
import type { BenchResult } from './result'

const READY_MS = 120_000
const STOP_MS = 10_000
/** Clients that are there at once, and the milliseconds that each lets pass, on average, between an answer and its next request. */
const LOADS = [
  { name: '1 client', clients: 1, pauseMs: 0 },
  { name: '16 clients, 5 requests a second each', clients: 16, pauseMs: 200 },
  { name: '16 clients, as fast as they can', clients: 16, pauseMs: 0 },
] as const

interface Load {
  clients: number
  pauseMs: number
}

/** Requests of each kind for each load, and before anything is counted. */
const MEASURED = 2000
const WARMING = 500
/** So many requests of one kind, then as many of the other, so that both see the same machine. */
const TURN = 100
/** Limits that are looked at and never reached. */
const NO_REFUSALS = 'key=10000000,tenant=10000000,tokens=100000000'

const BODY = JSON.stringify({ model: 'parley-mini-0', prompt: 'She is my sister, and he is my brother.', max_tokens: 16 })

interface Measured {
  name: string
  path: string
  status: number
  ms: number[]
}

/**
 * What authenticating, limiting, holding and settling add to a request: `/v1/completions` on a worker that answers at
 * once, beside a path of the same app that does nothing but answer.
 */
export async function benchGateway(root: string, steps: StepPrinter): Promise<BenchResult> {
  await buildApp(root, steps)
  const database = await openBenchDatabase(steps)
  try {
    const worker = await startInstantWorker(root)
    try {
      return await withApp(root, steps, database, worker.url, (url, tenant) => measureAll(url, tenant, steps))
    } finally {
      worker.stop()
    }
  } finally {
    await database.close()
  }
}

async function measureAll(url: string, tenant: BenchTenant, steps: StepPrinter): Promise<BenchResult> {
  const rows: (string | number)[][] = []
  for (const load of LOADS) {
    const [bare, gateway] = await steps.step(load.name, () => measure(url, tenant.key, load))
    const statements = await steps.step('Its statements alone', () => measureStatements(tenant, load))
    const [median, p99] = [0.5, 0.99].map((quantile) => at(gateway, quantile) - at(bare, quantile))
    rows.push([load.name, at(bare, 0.5), at(bare, 0.99), at(gateway, 0.5), at(gateway, 0.99), median ?? 0, p99 ?? 0, at(statements, 0.5), at(statements, 0.99)])
  }
  return {
    title: 'What authentication, limits, hold and settlement add to a request, milliseconds',
    columns: ['load', 'bare median', 'bare p99', 'gateway median', 'gateway p99', 'adds at the median', 'adds at p99', 'statements median', 'statements p99'],
    rows,
    notes: [
      'gateway: POST /v1/completions with a key, its buckets, a hold and its settlement, on a worker that answers at once; the tokenizer and the HTTP to that worker are in it.',
      'bare: POST to a path of the same app that answers 404, in turn with it. App, PostgreSQL, worker and clients share the machine.',
      'statements: admit, hold and settle alone, one after another from a process of their own.',
      `${MEASURED} requests of each kind for each row, one after another for each client. As fast as they can, clients wait for one another: that row shows how much the machine does at the most.`,
    ],
  }
}

async function measure(url: string, key: string, load: Load): Promise<readonly [number[], number[]]> {
  const pool = new Pool(url, { connections: load.clients, pipelining: 1 })
  const bare: Measured = { name: 'bare', path: '/v3/none', status: 404, ms: [] }
  const gateway: Measured = { name: 'gateway', path: '/v1/completions', status: 200, ms: [] }
  const kinds = [bare, gateway] as const
  try {
    for (const kind of kinds) await send(pool, kind, key, { ...load, pauseMs: 0 }, WARMING)
    for (const kind of kinds) kind.ms.length = 0
    for (let done = 0; done < MEASURED; done += TURN) {
      for (const kind of kinds) await send(pool, kind, key, load, TURN)
    }
  } finally {
    await pool.close()
  }
  return [bare.ms, gateway.ms]
}

/** The database's part of the hot path, without the app. */
async function measureStatements({ orgId, keyId, hash }: BenchTenant, { clients, pauseMs }: Load): Promise<number[]> {
  const limits = rateLimits({ plans: { enterprise: { key: 10_000_000, tenant: 10_000_000, tokens: 100_000_000 } }, address: { requests: 10_000_000 } })
  const ms: number[] = []
  let left = WARMING + MEASURED
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await pause(pauseMs)
      const started = performance.now()
      const { tokens } = await admitRequest(hash, '127.0.0.1', limits)
      const rate = { limit: tokens?.limit ?? 0, remaining: 0 }
      const requestId = randomUUID()
      await placeHold(orgId, { requestId, userId: null, keyId, model: 'parley-mini-0', feature: 'completion', tokens: 26, promptTokens: 10, characters: 0, ttlSeconds: 120 }, rate)
      await settleHold(orgId, requestId, { promptTokens: 10, completionTokens: 4, characters: 0 }, { limit: rate.limit, tokens: 12 })
      ms.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return ms.slice(WARMING)
}

async function send(pool: Pool, kind: Measured, key: string, { clients, pauseMs }: Load, count: number): Promise<void> {
  let left = count
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await pause(pauseMs)
      kind.ms.push(await timed(pool, kind, key))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
}

/** Nobody keeps time with the others. */
async function pause(averageMs: number): Promise<void> {
  if (averageMs > 0) await delay(Math.random() * 2 * averageMs)
}

async function timed(pool: Pool, { name, path: to, status }: Measured, key: string): Promise<number> {
  const request: Dispatcher.RequestOptions = { path: to, method: 'POST', body: BODY, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } }
  const started = performance.now()
  const response = await pool.request(request)
  const text = await response.body.text()
  const ms = performance.now() - started
  if (response.statusCode !== status) throw new Error(`A ${name} request was answered with ${response.statusCode}: ${text}`)
  return ms
}

function at(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0
}

interface BenchTenant {
  orgId: string
  keyId: string
  key: string
  hash: string
}

const listening = z.object({ url: z.string() })

async function startInstantWorker(root: string): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/bench/instant-worker.ts'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) return { url: listening.parse(JSON.parse(line)).url, stop: () => void child.stdin.end() }
  throw new Error('The stand-in for a worker did not start.')
}

/** The built app over the benchmark's database, with a key of a tenant that nothing limits. */
async function withApp<T>(root: string, steps: StepPrinter, database: BenchDatabase, workerUrl: string, work: (url: string, tenant: BenchTenant) => Promise<T>): Promise<T> {
  const { urls, dataFolder } = database
  const port = await freePort()
  const env = parseEnv({ PARLEY_DATA: dataFolder, PORT: String(port) })
  const child = appEnv({ base: process.env, env, dataFolder, port, urls, secrets: await loadSecrets(dataFolder), worker: { url: workerUrl, token: null } })
  const limits = { RATE_LIMIT_ENTERPRISE: NO_REFUSALS, RATE_LIMIT_ADDRESS: 'requests=10000000', LOG_LEVEL: 'error' }
  const args = ['node_modules/next/dist/bin/next', 'start', '-p', String(port), '-H', '127.0.0.1', '--keepAliveTimeout', '75000']
  const app = await startGuarded(process.execPath, args, { cwd: root, env: { ...child, ...limits }, logFile: path.join(dataFolder, 'app.log'), stopSignal: 'SIGTERM' })
  const url = `http://127.0.0.1:${port}`
  try {
    await steps.step('Starting the app', (progress) => untilHealthy(url, { timeoutMs: READY_MS, progress, signal: new AbortController().signal }))
    const { organization } = await createOrganization({ name: 'Bench', plan: 'enterprise', owner: { email: 'bench@example.com', name: 'Bench', passwordHash: 'none' } })
    const { key, prefix, hash } = newApiKey()
    const { id: keyId } = await createApiKey(organization.id, { name: 'Bench', scopes: ['chat'], createdBy: null, expiresAt: null, prefix, hash })
    await delay(500)
    return await work(url, { orgId: organization.id, keyId, key, hash })
  } finally {
    await app.stop(STOP_MS)
  }
}
