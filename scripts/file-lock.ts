import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const BEAT_MS = 5000
const STALE_MS = 30_000

export interface FileLock {
  release(): Promise<void>
}

/**
 * Takes a lock file, or returns who holds it (`host pid`). A holder touches its file every few seconds;
 * one left by a dead process (its id is gone on this host, or nobody touched it for long) is taken over.
 */
export async function tryLock(file: string): Promise<FileLock | { holder: string }> {
  await mkdir(path.dirname(file), { recursive: true })
  if (!(await create(file))) {
    const holder = await readFile(file, 'utf8').catch(() => '')
    if (!(await isStale(file, holder))) return { holder }
    await rm(file, { force: true })
    if (!(await create(file))) return { holder: await readFile(file, 'utf8').catch(() => '') }
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT_MS)
  beat.unref()
  return {
    release: async () => {
      clearInterval(beat)
      await rm(file, { force: true })
    },
  }
}

/**
 * Runs `work` while holding the lock file, after whoever holds it now.
 * @param waiting called once, with the holder's name, when another process holds it
 */
export async function withFileLock<T>(file: string, waiting: (holder: string) => void, work: () => Promise<T>): Promise<T> {
  let told = false
  for (;;) {
    const lock = await tryLock(file)
    if ('release' in lock) return work().finally(() => lock.release())
    if (!told) waiting(lock.holder)
    told = true
    await sleep(500)
  }
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(`${hostname()} ${process.pid.toString()}`)
    await handle.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function isStale(file: string, holder: string): Promise<boolean> {
  const [host, pid] = holder.split(' ')
  if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) return true
  const state = await stat(file).catch(() => null)
  return state !== null && Date.now() - state.mtimeMs > STALE_MS
}

/** Whether a process of this host still runs; one of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
