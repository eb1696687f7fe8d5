import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseEnv } from '@/lib/contract/env'
import { runProgram } from '../run-program'
import { describeFailure } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { cacheFolder } from '../tensorflow/binding-cache'
import { installBinding } from '../tensorflow/install-binding'
import { runShown } from './run-shown'
import { reportedTally, sum, vitestTally, type Tally } from './tally'

/** Node programs by their entry in node_modules, so that no shell and no npx stands between. */
const STATIC_CHECKS = [
  { title: 'Types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { title: 'Structure', args: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--output-type', 'err-long', 'app', 'lib', 'workers', 'scripts', 'prisma', 'e2e'] },
  { title: 'Lint', args: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
]

/** Types, structure rules, lint, and all unit and database tests. */
export async function runFastStages(root: string, steps: StepPrinter): Promise<Tally> {
  const tallies: Tally[] = []
  // One after the other: each of them alone keeps both cores of a small machine busy.
  for (const { title, args } of STATIC_CHECKS) tallies.push(await staticCheck(root, title, args, steps))
  tallies.push(await unitTests(root, steps))
  return sum(tallies)
}

async function staticCheck(root: string, title: string, args: readonly string[], steps: StepPrinter): Promise<Tally> {
  try {
    await steps.step(title, async () => {
      const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: root })
      if (code !== 0) throw new Error(`${stdout}\n${stderr}`.trim())
    })
    return { passed: 1, failed: 0 }
  } catch (error) {
    process.stdout.write(`${describeFailure(error)}\n`)
    return { passed: 0, failed: 1 }
  }
}

async function unitTests(root: string, steps: StepPrinter): Promise<Tally> {
  const env = parseEnv(process.env)
  const cache = cacheFolder({ PARLEY_CACHE: env.PARLEY_CACHE, XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] })
  const binding = await installBinding({ root, backend: 'auto', cache, wheel: env.PARLEY_TENSORFLOW_WHEEL, steps })
  if (!binding.installed) steps.note(`The tests of the TensorFlow backend will fail: ${binding.reason}\n  What to do: ${binding.advice}`)
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-test-'))
  const report = path.join(folder, 'vitest.json')
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const libraries = binding.installed && binding.libraryPath !== null ? { LD_LIBRARY_PATH: binding.libraryPath } : {}
  try {
    const started = Date.now()
    process.stdout.write('… Unit and database tests\n')
    const code = await runShown(process.execPath, args, { cwd: root, env: { ...process.env, ...libraries, TF_CPP_MIN_LOG_LEVEL: '3' } })
    const tally = await reportedTally(report, code, vitestTally)
    process.stdout.write(`${tally.failed === 0 ? '✓' : '✗'} Unit and database tests  ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
    return tally
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
