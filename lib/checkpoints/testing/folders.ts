import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')

export const BUNDLED_DIR = path.join(root, 'models')
export const BUNDLED = path.join(BUNDLED_DIR, 'parley-mini-0')
const FIXTURES = path.join(root, 'workers/model/fixtures')

/** A small random checkpoint: `a-plain` has a tokenizer, `f-sharded` several weight files. */
export function fixture(name: string): string {
  return path.join(FIXTURES, name)
}

const created: string[] = []

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'parley-checkpoints-'))
  created.push(dir)
  return dir
}

/** Removes what the test file made, when it ends. Call it once at the file's top level. */
export function removeFoldersAtEnd(): void {
  afterAll(() => Promise.all(created.map((dir) => rm(dir, { recursive: true, force: true }))))
}

/** A copy of a checkpoint, to be spoilt. */
export async function copyOf(source: string, target: string): Promise<string> {
  await mkdir(target, { recursive: true })
  for (const name of await readdir(source)) await copyFile(path.join(source, name), path.join(target, name))
  return target
}

/** Contents by file name, of one folder. */
export async function contentsOf(dir: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(dir)).sort()
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(dir, name))] as const)))
}

/** sha256 by file name, of one folder: equal where every byte is. */
export async function digestsOf(dir: string): Promise<Record<string, string>> {
  const contents = await contentsOf(dir)
  return Object.fromEntries([...contents].map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]))
}

/** Everything under a folder, hidden files too, as paths relative to it. */
export async function everythingUnder(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true })).sort()
}

/** A safetensors file with this header, and as many bytes of data. */
export async function writeSafetensors(file: string, header: unknown, dataBytes: number): Promise<void> {
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  await writeFile(file, Buffer.concat([length, text, Buffer.alloc(dataBytes)]))
}
