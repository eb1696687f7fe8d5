import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as chat from '@/app/api/v1/chat/completions/route'
import * as completions from '@/app/api/v1/completions/route'
import * as translate from '@/app/api/v2/translate/route'
import { sweepHolds } from '@/lib/db/ledger-sweep'
import { useDatabase } from '@/lib/db/testing/database'
import { withConnection } from '@/lib/db/testing/tenant'
import { callRoute, useWorker } from '@/lib/http/testing/api-client'
import type { Method, RouteHandler } from '@/lib/http/route-handling'
import { freePort } from '../../free-port'
import type { Send } from './load-request'
import { makeLoadTenants } from './load-tenants'
import { judge } from './load-verdict'
import { RestartedProcess } from './restarted-process'
import { runLoad } from './run-load'

const database = useDatabase()
const REQUESTS = 200
/** Requests that have ended when the worker is killed, in the midst of others. */
const KILLED_AFTER = [50, 120]
const ROUTES: Record<string, Partial<Record<Method, RouteHandler>>> = { '/v1/chat/completions': chat, '/v1/completions': completions, '/v2/translate': translate }

let folder: string
let stub: RestartedProcess

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-load-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, WORKER_PORT: port.toString(), STUB_LOG: path.join(folder, 'sent') }
  stub = await RestartedProcess.start(['--import', 'tsx', 'scripts/bench/ledger-load/stub-worker.ts'], { cwd: process.cwd(), env, logFile: path.join(folder, 'stub.log') }, `${url}/health`)
  useWorker({ WORKER_URL: url, WORKER_TOKEN: '', PARLEY_DATA: folder })
})

afterAll(async () => {
  await stub.stop()
  await rm(folder, { recursive: true })
})

test('what clients receive, events and balances agree under load, though the worker is killed again and again', async () => {
  const tenants = await makeLoadTenants(REQUESTS)
  const send: Send = (route, { key, body, signal }) => callRoute(ROUTES[route] ?? {}, { path: route, key, body, signal })
  const kills: Promise<void>[] = []
  const onDone = (done: number): void => {
    if (KILLED_AFTER.includes(done)) kills.push(stub.kill())
  }
  // Patient, so that most requests meet a worker that lives, however slowly it starts.
  const observed = await runLoad({ send, tenants, requests: REQUESTS, clients: 24, patienceMs: 4000, onDone })
  await Promise.all(kills)
  await sweepHolds(new Date(Date.now() + 3_600_000))
  const verdict = await withConnection(database.ownerUrl, (client) => judge(client, tenants, observed, path.join(folder, 'sent')))
  expect(verdict.faults).toEqual([])
  expect(observed).toHaveLength(REQUESTS)
  // The run meant something.
  const count = (outcome: string) => observed.filter((one) => one.outcome === outcome).length
  expect(count('answered')).toBeGreaterThan(20)
  expect(count('cut')).toBeGreaterThan(3)
  expect(count('refused')).toBeGreaterThan(3)
  expect(stub.kills).toBe(KILLED_AFTER.length)
})
