import { spawn } from 'node:child_process'
import { signalGroup } from './process-group'

export interface ProgramResult {
  /** null where the program could not be started or a signal ended it. */
  code: number | null
  stdout: string
  stderr: string
  /** It is not installed. */
  missing: boolean
}

export interface ProgramOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  timeoutMs?: number
  /** The user to run as; root alone may choose. */
  uid?: number
  gid?: number
  onOutput?: (text: string) => void
}

/**
 * Runs a program to its end and never throws: its failure is part of the result. It has a process group
 * of its own, which is ended with this process.
 */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(options.uid === undefined || options.gid === undefined ? {} : { uid: options.uid, gid: options.gid }),
    })
    const end = () => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
    }
    process.once('exit', end)
    // spawn's own timeout stays armed, and the process alive, after a program that was not found.
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(end, options.timeoutMs)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      options.onOutput?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      options.onOutput?.(text)
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      process.off('exit', end)
      resolve({ code: null, stdout, stderr: stderr + error.message, missing: error.code === 'ENOENT' })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('exit', end)
      resolve({ code, stdout, stderr, missing: false })
    })
  })
}

/** The last lines of a program's complaint, short enough for an error message. */
export function lastLines(text: string, count = 6): string {
  return text.trim().split('\n').slice(-count).join('\n')
}
