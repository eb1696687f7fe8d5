import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startGuarded } from '../guarded-child'
import { restartDelay, SupervisedProcess } from './supervised-process'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-supervise-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function supervise(script: string, said: string[]) {
  const logFile = path.join(folder, 'log')
  await writeFile(logFile, '')
  const start = () => startGuarded(process.execPath, ['-e', script], { cwd: folder, env: process.env, logFile, stopSignal: 'SIGTERM' })
  return { logFile, process: await SupervisedProcess.start({ name: 'worker', logFile, start, say: (text) => said.push(text) }) }
}

async function pidsIn(logFile: string, count: number): Promise<number[]> {
  for (;;) {
    const pids = (await readFile(logFile, 'utf8')).split('\n').filter(Boolean).map(Number)
    if (pids.length >= count) return pids
    await sleep(20)
  }
}

test('a process that is killed is started again, and that is said', async () => {
  const said: string[] = []
  const { logFile, process: supervised } = await supervise('console.log(process.pid); setInterval(() => {}, 1000)', said)
  const done = supervised.keepRunning()
  const [first = 0] = await pidsIn(logFile, 1)
  process.kill(first, 'SIGKILL')
  const [, second] = await pidsIn(logFile, 2)
  expect(second).not.toBe(first)
  expect(said[0]).toContain('The worker ended (SIGKILL); starting it again')
  await supervised.stop(20_000)
  await done
  expect(said).toHaveLength(1)
})

test('a process that ends before it was ready fails with the end of its log', async () => {
  const { process: supervised } = await supervise("console.log('no such model'); process.exit(3)", [])
  await expect(supervised.untilReady(new Promise(() => undefined))).rejects.toThrow(/exit code 3[\s\S]*no such model/)
})

test('the pauses between restarts grow to half a minute', () => {
  expect([1, 2, 3, 7, 50].map(restartDelay)).toEqual([500, 1000, 2000, 30_000, 30_000])
})
