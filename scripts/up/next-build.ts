import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { withFileLock } from '../file-lock'
import { lastLines, runProgram } from '../run-program'
import { SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { sourceHash } from './source-hash'

/** Everything that the built app is made of. */
const SOURCES = ['app', 'lib', 'docs/examples', 'public', 'proxy.ts', 'next.config.js', 'next.config.ts', 'postcss.config.mjs', 'postcss.config.js', 'tsconfig.json', 'package-lock.json', 'prisma/schema.prisma']

function doesNotMatter(file: string): boolean {
  return /\.test\.tsx?$/.test(file) || /(^|\/)testing\//.test(file) || file.startsWith('lib/db/generated/')
}

/** Builds the app for production, unless what is built is of the same sources. */
export async function buildApp(root: string, steps: StepPrinter): Promise<void> {
  const stamp = path.join(root, '.next/parley-sources')
  const wanted = await sourceHash(root, SOURCES, doesNotMatter)
  const isBuilt = async () => (await readFile(stamp, 'utf8').catch(() => '')) === wanted
  if (await isBuilt()) return
  await steps.step('Building the app', async (progress) => {
    const waiting = (holder: string) => {
      progress(`waiting for another build (${holder})`)
    }
    await withFileLock(path.join(root, 'node_modules/.cache/parley-build.lock'), waiting, async () => {
      if (await isBuilt()) return
      await rm(stamp, { force: true })
      const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', DATABASE_URL: '' }
      const onOutput = (text: string) => {
        progress(lastLines(text, 1).trim())
      }
      const result = await runProgram(process.execPath, ['node_modules/next/dist/bin/next', 'build'], { cwd: root, env, onOutput })
      if (result.code !== 0) {
        throw new SetupError(`The app does not build:\n${lastLines(`${result.stdout}\n${result.stderr}`, 40)}`, 'correct what the message names, then run the command again')
      }
      await writeFile(stamp, wanted)
    })
  })
}
