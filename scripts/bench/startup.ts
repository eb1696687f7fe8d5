import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { z } from 'zod'
import { removeCluster } from '../database/postgres-files'
import { freePort } from '../free-port'
import { startGuarded, type GuardedChild } from '../guarded-child'
import { runProgram } from '../run-program'
import { readRuntime } from '../runtime-file'
import { SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import type { BenchResult } from './result'

const READY_MS = 1_200_000
const STOP_MS = 40_000
const PASSWORD = 'a password for one benchmark'

const created = z.object({ orgId: z.string() })
const keyed = z.object({ key: z.string() })

/** From a clone of HEAD to a streamed answer by one command: with nothing cached, with the binding cached, and again. */
export async function benchStartup(root: string, steps: StepPrinter): Promise<BenchResult> {
  const home = await mkdtemp(path.join(tmpdir(), 'parley-startup-'))
  const env = { ...process.env, PARLEY_CACHE: path.join(home, 'cache'), PARLEY_DATA: '.data', HOST: '127.0.0.1', DATABASE_URL: '', WORKER_URL: '', PARLEY_BACKEND: 'auto' }
  try {
    const rows: (string | number)[][] = []
    for (const [clone, title] of [['first', 'fresh clone, empty cache'], ['second', 'fresh clone, TensorFlow cached']] as const) {
      const folder = path.join(home, clone)
      const cloned = await runProgram('git', ['clone', '--quiet', root, folder], { cwd: root })
      if (cloned.code !== 0) throw new SetupError(`The clone failed: ${cloned.stderr}`, 'commit what is to be measured')
      rows.push([title, ...(await steps.step(title, () => measure(folder, env)))])
      if (clone === 'second') rows.push(['the same clone again', ...(await steps.step('the same clone again', () => measure(folder, env)))])
      await removeCluster(path.join(folder, '.data'))
    }
    return {
      title: 'From `npm run up` to a streamed answer, seconds',
      columns: ['', 'ready', 'first word of an answer after the request'],
      rows,
      notes: ["npm's own download cache is as it was found."],
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Seconds until `/api/health` is well, and from a chat request to the first words of its answer. */
async function measure(folder: string, base: NodeJS.ProcessEnv): Promise<[number, number]> {
  const port = await freePort()
  const env = { ...base, PORT: port.toString() }
  const started = performance.now()
  const up = await startGuarded('npm', ['run', 'up'], { cwd: folder, env, logFile: path.join(path.dirname(folder), 'up.log'), stopSignal: 'SIGTERM' })
  try {
    await untilReady(path.join(folder, '.data'), up)
    const ready = (performance.now() - started) / 1000
    return [ready, await firstWords(folder, env, `http://127.0.0.1:${port}`)]
  } finally {
    await up.stop(STOP_MS)
  }
}

async function untilReady(dataFolder: string, up: GuardedChild): Promise<void> {
  const state = { ended: false }
  void up.exited.then(() => (state.ended = true))
  for (const until = Date.now() + READY_MS; Date.now() < until && !state.ended; ) {
    if ((await readRuntime(dataFolder)) !== null) return
    await delay(50)
  }
  throw new SetupError('The clone did not come up', 'run npm run up in it and see its message')
}

async function firstWords(folder: string, env: NodeJS.ProcessEnv, address: string): Promise<number> {
  const parley = async (...args: string[]): Promise<unknown> => {
    const result = await runProgram('npm', ['run', '-s', 'parley', '--', ...args, '--json'], { cwd: folder, env })
    return JSON.parse(result.stdout)
  }
  const email = `bench-${Date.now()}@example.com`
  const { orgId } = created.parse(await parley('org', 'create', '--name', 'Bench', '--owner', email, '--password', PASSWORD))
  const { key } = keyed.parse(await parley('key', 'create', '--org', orgId, '--name', 'bench'))
  const started = performance.now()
  const response = await request(`${address}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'parley-mini-0', stream: true, messages: [{ role: 'user', content: 'How are you?' }] }),
  })
  if (response.statusCode !== 200) throw new Error(`The chat was answered with ${response.statusCode}.`)
  let text = ''
  response.body.setEncoding('utf8')
  for await (const chunk of response.body) {
    text += String(chunk)
    if (/"content":"[^"]/.test(text)) return (performance.now() - started) / 1000
  }
  throw new Error('The answer had no words.')
}
