import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { randomTensors, safetensorsBytes, tinyConfig } from '@/workers/model/testing/random-checkpoint'

const ROOT = path.join(import.meta.dirname, '../..')
const FIXTURES = path.join(ROOT, 'workers/model/fixtures')
const listening = z.object({ event: z.literal('listening'), url: z.string() })

/**
 * A data folder with the reference checkpoints under `models/`; `broken`, whose weights are cut
 * short; and `long`, which takes minutes to fill its context.
 */
export function makeDataFolder(): string {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'parley-serve-'))
  const models = path.join(dataDir, 'models')
  cpSync(FIXTURES, models, { recursive: true })
  cpSync(path.join(FIXTURES, 'b-legacy'), path.join(models, 'broken'), { recursive: true })
  breakWeights(dataDir)
  const long = path.join(models, 'long')
  mkdirSync(long)
  const shape = { vocab_size: 23, n_positions: 20_000, n_embd: 8, n_layer: 2, n_head: 2 }
  writeFileSync(path.join(long, 'config.json'), JSON.stringify(shape))
  writeFileSync(path.join(long, 'model.safetensors'), safetensorsBytes(randomTensors(tinyConfig(shape), 5)))
  return dataDir
}

function weightsOfBroken(dataDir: string): string {
  return path.join(dataDir, 'models', 'broken', 'model.safetensors')
}

export function breakWeights(dataDir: string): void {
  truncateSync(weightsOfBroken(dataDir), 200_000)
}

export function mendWeights(dataDir: string): void {
  cpSync(path.join(FIXTURES, 'b-legacy', 'model.safetensors'), weightsOfBroken(dataDir))
}

export function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
}

/** The worker as it is run in earnest: its own process, its own thread, real HTTP. */
export class ServeProcess {
  readonly exited: Promise<number | null>
  private readonly lines: string[] = []

  private constructor(
    readonly child: ChildProcessByStdio<Writable, Readable, Readable>,
    readonly url: string,
  ) {
    this.exited = once(child, 'exit').then(() => child.exitCode)
    createInterface({ input: child.stderr }).on('line', (line) => this.lines.push(line))
  }

  /** Resolves once it listens; rejects with its log where it ends before. */
  static async start(environment: Record<string, string>): Promise<ServeProcess> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'workers/serve.ts'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'test', WORKER_PORT: '0', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let log = ''
    const collect = (chunk: Buffer): void => {
      log += chunk.toString()
    }
    child.stderr.on('data', collect)
    const ended = once(child, 'exit').then(() => {
      throw new Error(`The worker ended with ${child.exitCode ?? 'a signal'}: ${log}`)
    })
    const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
    const { url } = listening.parse(JSON.parse(await Promise.race([line, ended])))
    ended.catch(() => undefined)
    child.stderr.off('data', collect)
    return new ServeProcess(child, url)
  }

  get log(): string {
    return this.lines.join('\n')
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM')
    return this.exited
  }
}
