import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { SetupError } from './setup-error'

const secret = (bytes: number) => z.string().min(16).default(() => randomBytes(bytes).toString('base64url'))

const secretsSchema = z.object({
  /** Of the embedded database's owner. */
  ownerPassword: secret(24),
  nextAuthSecret: secret(32),
  workerToken: secret(24),
  demoPassword: secret(12),
  operatorPassword: secret(12),
  metricsToken: secret(24),
})

export type Secrets = z.infer<typeof secretsSchema>

/**
 * What this installation keeps to itself, from `secrets.json` in the data folder; made at random where
 * it is missing. Only its owner may read the file.
 */
export async function loadSecrets(dataFolder: string): Promise<Secrets> {
  const file = path.join(dataFolder, 'secrets.json')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}'
    throw new SetupError(`${file} cannot be read`, 'run as the user who owns it', { cause: error })
  })
  const secrets = secretsSchema.safeParse(parseJson(text))
  if (!secrets.success) {
    throw new SetupError(`${file} is damaged`, 'restore it from a backup; the password of the embedded database stands in it')
  }
  const complete = `${JSON.stringify(secrets.data, null, 2)}\n`
  if (complete !== text) {
    await mkdir(dataFolder, { recursive: true })
    await writeFile(`${file}.new`, complete, { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  return secrets.data
}

/** The token of GET /api/metrics, where this installation has made one; changes nothing. */
export async function metricsTokenOf(dataFolder: string): Promise<string | null> {
  const text = await readFile(path.join(dataFolder, 'secrets.json'), 'utf8').catch(() => '')
  const held = z.object({ metricsToken: z.string() }).safeParse(parseJson(text))
  return held.success ? held.data.metricsToken : null
}

function parseJson(text: string): unknown {
  try {
    const content: unknown = JSON.parse(text)
    return content
  } catch {
    return null
  }
}
