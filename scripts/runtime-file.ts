import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { isAlive } from './file-lock'

const runtimeSchema = z.object({
  /** The process that `npm run up` runs in. */
  pid: z.number().int(),
  appUrl: z.string(),
  workerUrl: z.string(),
  workerToken: z.string().nullable(),
  ownerUrl: z.string(),
  appDatabaseUrl: z.string(),
  operatorDatabaseUrl: z.string(),
  startedAt: z.string(),
})

export type Runtime = z.infer<typeof runtimeSchema>

/** What a running `up` serves from this data folder; null when none runs. */
export async function readRuntime(dataFolder: string): Promise<Runtime | null> {
  try {
    const runtime = runtimeSchema.parse(JSON.parse(await readFile(runtimeFile(dataFolder), 'utf8')))
    return isAlive(runtime.pid) ? runtime : null
  } catch {
    return null
  }
}

/** It holds the database's passwords, so only its owner may read it. */
export async function writeRuntime(dataFolder: string, runtime: Runtime): Promise<void> {
  const file = runtimeFile(dataFolder)
  await writeFile(`${file}.new`, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

export async function removeRuntime(dataFolder: string): Promise<void> {
  await rm(runtimeFile(dataFolder), { force: true })
}

function runtimeFile(dataFolder: string): string {
  return path.join(dataFolder, 'runtime.json')
}
