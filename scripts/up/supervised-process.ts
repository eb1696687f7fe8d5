import { setTimeout as sleep } from 'node:timers/promises'
import { readFile } from 'node:fs/promises'
import type { GuardedChild } from '../guarded-child'
import { lastLines } from '../run-program'
import { messageOf, SetupError } from '../setup-error'

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
/** One that ran this long was well; its next end starts the delays anew. */
const WELL_MS = 60_000

export interface ProcessSpec {
  /** As it is called in messages. */
  name: string
  logFile: string
  start: () => Promise<GuardedChild>
  say: (text: string) => void
}

/** The pause before the restart after this many ends in a row. */
export function restartDelay(ends: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (ends - 1), LONGEST_DELAY_MS)
}

/** A process that is kept running until it is told to stop. */
export class SupervisedProcess {
  private child: GuardedChild
  private readonly stopping = new AbortController()

  private constructor(
    private readonly spec: ProcessSpec,
    first: GuardedChild,
  ) {
    this.child = first
  }

  static async start(spec: ProcessSpec): Promise<SupervisedProcess> {
    return new SupervisedProcess(spec, await spec.start())
  }

  /** Rejects when the process ends before `ready` has resolved: it does not start, and restarting is no help. */
  async untilReady<T>(ready: Promise<T>): Promise<T> {
    const ended = this.child.exited.then(async ({ code, signal }) => {
      const log = lastLines(await readFile(this.spec.logFile, 'utf8').catch(() => ''), 12)
      throw new SetupError(`The ${this.spec.name} ended while it started (${signal ?? `exit code ${String(code)}`}):\n${log}`, `correct what the message names; the whole log is ${this.spec.logFile}`)
    })
    return Promise.race([ready, ended])
  }

  /** From now on it is started again whenever it ends. */
  async keepRunning(): Promise<void> {
    let ends = 0
    while (!this.isStopping()) {
      const started = Date.now()
      const { code, signal } = await this.child.exited
      if (this.isStopping()) return
      ends = Date.now() - started > WELL_MS ? 1 : ends + 1
      const delay = restartDelay(ends)
      this.spec.say(`The ${this.spec.name} ended (${signal ?? `exit code ${String(code)}`}); starting it again in ${(delay / 1000).toString()} s. Its log: ${this.spec.logFile}`)
      await this.restart(delay)
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.stopping.abort()
    await this.child.stop(graceMs)
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted
  }

  private async restart(delay: number): Promise<void> {
    try {
      await sleep(delay, undefined, { signal: this.stopping.signal })
      const child = await this.spec.start()
      this.child = child
      // It may have been told to stop while the new one came up.
      if (this.isStopping()) await child.stop(0)
    } catch (error) {
      if (!this.isStopping()) this.spec.say(`The ${this.spec.name} could not be started: ${messageOf(error)}`)
    }
  }
}
