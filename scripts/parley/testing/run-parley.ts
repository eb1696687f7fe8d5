import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import type { TestDatabase } from '@/lib/db/testing/database'

const ROOT = path.resolve(import.meta.dirname, '../../..')

/** A command starts a process of its own and, on a busy machine, may take its time over it. */
export const COMMAND_TIMEOUT_MS = 180_000

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
  /** stdout as the one JSON object that --json promises. */
  json: Record<string, unknown>
}

export interface ParleyInstance {
  readonly dataDir: string
  /** Runs `parley …` as a child process. `kill` ends it with SIGKILL as soon as that resolves. */
  run(args: readonly string[], options?: { env?: Record<string, string>; kill?: () => Promise<unknown> }): Promise<CommandResult>
}

const object = z.record(z.string(), z.unknown())

function parsed(stdout: string): Record<string, unknown> {
  try {
    return object.parse(JSON.parse(stdout))
  } catch {
    return {}
  }
}

/** A data folder of its own, and the test file's database where it has one. Call it at the file's top level. */
export function useParley(database?: TestDatabase): ParleyInstance {
  let dataDir = ''
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'parley-command-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  const databaseEnv = (): Record<string, string> =>
    database === undefined ? {} : { DATABASE_URL: database.ownerUrl, DATABASE_APP_URL: database.appUrl, DATABASE_OPERATOR_URL: database.operatorUrl }

  return {
    get dataDir() {
      return dataDir
    },
    run: (args, { env = {}, kill } = {}) =>
      new Promise((resolve, reject) => {
        const inherited = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' }
        const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/parley.ts', ...args], {
          cwd: ROOT,
          env: { ...inherited, NODE_ENV: 'test', PARLEY_DATA: dataDir, PARLEY_BACKEND: 'wasm', ...databaseEnv(), ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let stdout = ''
        let stderr = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
        child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
        child.on('error', reject)
        child.on('close', (code) => resolve({ code, stdout, stderr, json: parsed(stdout) }))
        void kill?.().then(() => child.kill('SIGKILL'))
      }),
  }
}
