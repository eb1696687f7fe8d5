import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive, tryLock, withFileLock } from './file-lock'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** No process of this host has this id: it is above the largest that the kernel gives. */
const DEAD = 2 ** 30

test('of two that want the lock, one has it and the other learns who', async () => {
  const file = path.join(folder, 'a.lock')
  const lock = await tryLock(file)
  expect(await tryLock(file)).toEqual({ holder: `${hostname()} ${process.pid.toString()}` })
  if ('release' in lock) await lock.release()
  expect('release' in (await tryLock(file))).toBe(true)
})

test('work under the lock never overlaps', async () => {
  const file = path.join(folder, 'b.lock')
  let inside = 0
  let most = 0
  const work = async () => {
    inside += 1
    most = Math.max(most, inside)
    await readFile(file)
    inside -= 1
  }
  await Promise.all([1, 2, 3].map(() => withFileLock(file, () => undefined, work)))
  expect(most).toBe(1)
})

test('the lock of a dead process of this host is taken over', async () => {
  const file = path.join(folder, 'c.lock')
  await writeFile(file, `${hostname()} ${DEAD.toString()}`)
  expect('release' in (await tryLock(file))).toBe(true)
})

test('the lock of another host is respected while it is touched, and taken over when it is not', async () => {
  const file = path.join(folder, 'd.lock')
  await writeFile(file, 'elsewhere 1')
  expect(await tryLock(file)).toEqual({ holder: 'elsewhere 1' })
  const longAgo = new Date(Date.now() - 120_000)
  await utimes(file, longAgo, longAgo)
  expect('release' in (await tryLock(file))).toBe(true)
})

test('the lock is released when the work fails', async () => {
  const file = path.join(folder, 'e.lock')
  await expect(withFileLock(file, () => undefined, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect('release' in (await tryLock(file))).toBe(true)
})

test('a process is told alive from dead', () => {
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(DEAD)).toBe(false)
})
