import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { signalGroup } from './process-group'

export interface GuardedChild {
  pid: number
  /** Resolves when it has ended, however it did. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Asks it to end, waits for `graceMs`, then kills what is left of its process group. */
  stop(graceMs: number): Promise<void>
}

export interface GuardedOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Its output is appended to this file. */
  logFile: string
  stopSignal: 'SIGTERM' | 'SIGINT'
  uid?: number | undefined
  gid?: number | undefined
}

const GUARD_GRACE_SECONDS = '15'
/** Waits until the pipe from this process closes, which also a SIGKILL does, then ends the group $0. */
const GUARD = `
  read -r _
  kill -s "$1" -- -"$0"
  for second in $(seq "$2"); do
    kill -s 0 -- -"$0" || exit 0
    sleep 1
  done
  kill -s KILL -- -"$0"`

/**
 * Starts a program in a process group of its own, so that a Ctrl-C at the terminal reaches this process
 * alone, with a guard beside it that ends it when this process is gone without having stopped it.
 */
export async function startGuarded(program: string, args: readonly string[], options: GuardedOptions): Promise<GuardedChild> {
  const log = await open(options.logFile, 'a')
  try {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...(options.uid === undefined || options.gid === undefined ? {} : { uid: options.uid, gid: options.gid }),
    })
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal })
      })
    })
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => {
        resolve(child.pid ?? 0)
      })
    })
    const guard = spawn('sh', ['-c', GUARD, pid.toString(), options.stopSignal.slice(3), GUARD_GRACE_SECONDS], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    guard.on('error', () => undefined)
    guard.unref()
    void exited.then(() => {
      if (guard.pid !== undefined) signalGroup(guard.pid, 'SIGKILL')
    })
    return { pid, exited, stop: (graceMs) => stopGroup(pid, exited, options.stopSignal, graceMs) }
  } finally {
    await log.close()
  }
}

async function stopGroup(pid: number, exited: Promise<unknown>, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  signalGroup(pid, signal)
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, graceMs)
  })
  await Promise.race([exited, grace])
  clearTimeout(timer)
  signalGroup(pid, 'SIGKILL')
  await exited
}
