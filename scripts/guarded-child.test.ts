import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive } from './file-lock'
import { startGuarded } from './guarded-child'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-guard-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const DEAF = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf')"

async function started(script: string) {
  const logFile = path.join(folder, 'log')
  const child = await startGuarded(process.execPath, ['-e', script], { cwd: folder, env: process.env, logFile, stopSignal: 'SIGTERM' })
  while ((await readFile(logFile, 'utf8')) === '') await sleep(20)
  return { child, logFile }
}

test('a child that ends on its signal is stopped by it', async () => {
  const { child } = await started("process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up')")
  await child.stop(20_000)
  expect(await child.exited).toEqual({ code: 7, signal: null })
})

test('a child that does not listen is killed after its grace', async () => {
  const { child } = await started(DEAF)
  await child.stop(100)
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test('what a child has started ends with it', async () => {
  const { child, logFile } = await started(
    "const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log(c.pid); setInterval(() => {}, 1000)",
  )
  const grandchild = Number(await readFile(logFile, 'utf8'))
  expect(isAlive(grandchild)).toBe(true)
  await child.stop(20_000)
  while (isAlive(grandchild)) await sleep(20)
})

test('a program that does not exist is an error', async () => {
  const options = { cwd: folder, env: process.env, logFile: path.join(folder, 'log'), stopSignal: 'SIGTERM' } as const
  await expect(startGuarded('/no/such/program', [], options)).rejects.toThrow('ENOENT')
})

test('a child ends when its parent is killed', async () => {
  const parentFile = path.join(folder, 'parent.mts')
  const logFile = path.join(folder, 'child.log')
  const child = "process.on('SIGTERM', () => process.exit(0)); console.log(process.pid); setInterval(() => {}, 1000)"
  await writeFile(
    parentFile,
    `import { startGuarded } from ${JSON.stringify(path.join(ROOT, 'scripts/guarded-child.ts'))}
     await startGuarded(process.execPath, ['-e', ${JSON.stringify(child)}], { cwd: ${JSON.stringify(folder)}, env: process.env, logFile: ${JSON.stringify(logFile)}, stopSignal: 'SIGTERM' })
     setInterval(() => {}, 1000)`,
  )
  const parent = spawn(process.execPath, ['--import', 'tsx', parentFile], { cwd: ROOT, stdio: 'ignore' })
  let pid = 0
  while (pid === 0) {
    await sleep(50)
    pid = Number(await readFile(logFile, 'utf8').catch(() => '0'))
  }
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  while (isAlive(pid)) await sleep(20)
})
