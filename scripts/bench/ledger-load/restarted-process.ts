import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { startGuarded, type GuardedChild, type GuardedOptions } from '../../guarded-child'
import { signalGroup } from '../../process-group'
import { lastLines } from '../../run-program'

const READY_MS = 120_000

/** A process that is killed now and then, and started again each time. */
export class RestartedProcess {
  kills = 0
  private over = false

  private constructor(
    private child: GuardedChild,
    private readonly start: () => Promise<GuardedChild>,
    private readonly ready: () => Promise<void>,
  ) {}

  /** Resolves once it answers at `url`. */
  static async start(args: readonly string[], options: Omit<GuardedOptions, 'stopSignal'>, url: string): Promise<RestartedProcess> {
    const start = () => startGuarded(process.execPath, args, { ...options, stopSignal: 'SIGTERM' })
    const made = new RestartedProcess(await start(), start, () => untilAnswered(url, options.logFile))
    await made.ready()
    return made
  }

  /** SIGKILL to its whole group, and a new one in its place; resolves once that answers. */
  async kill(): Promise<void> {
    if (this.over) return
    this.kills += 1
    signalGroup(this.child.pid, 'SIGKILL')
    await this.child.exited
    this.child = await this.start()
    await this.ready()
  }

  async stop(): Promise<void> {
    this.over = true
    await this.child.stop(10_000)
  }
}

/** Kills it again and again, at random within so many milliseconds, until told to stop; a kill that has begun is waited for. */
export async function killAtRandom(child: RestartedProcess, withinMs: number, stopped: AbortSignal): Promise<void> {
  for (;;) {
    await delay(withinMs * (0.2 + 0.8 * Math.random()), undefined, { signal: stopped }).catch(() => undefined)
    if (stopped.aborted) return
    await child.kill()
  }
}

async function untilAnswered(url: string, logFile: string): Promise<void> {
  const until = Date.now() + READY_MS
  let status = 'nothing'
  while (Date.now() < until) {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => null)
    await response?.body?.cancel()
    if (response?.ok === true) return
    if (response !== null) status = `status ${response.status}`
    await delay(50)
  }
  throw new Error(`${url} answers with ${status}:\n${lastLines(await readFile(logFile, 'utf8'), 20)}`)
}
