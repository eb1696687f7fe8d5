import { open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { AppError } from '@/lib/contract/errors'

const BEAT_MS = 2000
/** A holder on another machine that has not touched its lock for so long was killed. */
const STALE_MS = 15_000

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(`${hostname()} ${process.pid}`)
    await handle.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Of this host's processes; one of another user counts. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const [host, pid] = (await readFile(file, 'utf8').catch(() => '')).split(' ')
  if (host === hostname() && pid !== undefined && !runs(Number(pid))) return true
  const touched = await stat(file).then((found) => found.mtimeMs, () => 0)
  return Date.now() - touched > STALE_MS
}

/** Runs `work` unless another process works under the same lock file: then AppError conflict. */
export async function withPullLock<T>(file: string, repo: string, work: () => Promise<T>): Promise<T> {
  if (!(await take(file))) {
    if (await isAbandoned(file)) await rm(file, { force: true })
    if (!(await take(file))) throw new AppError('conflict', `${repo} is being pulled by another process.`)
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(file, { force: true })
  }
}
