import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removeCluster } from '../database/postgres-files'
import { startGuarded, type GuardedChild } from '../guarded-child'
import { lastLines } from '../run-program'
import { readRuntime, type Runtime } from '../runtime-file'
import { describeFailure, SetupError } from '../setup-error'
import type { StepPrinter } from '../step-printer'
import { findChromium } from './chromium'
import { runShown } from './run-shown'
import { playwrightTally, reportedTally, type Tally } from './tally'

const UP_MS = 900_000
/** Settings of whoever runs the tests that the instance under test must not take over. */
const FOREIGN = ['DATABASE_URL', 'DATABASE_APP_URL', 'DATABASE_OPERATOR_URL', 'WORKER_URL', 'WORKER_TOKEN', 'WORKER_HOST', 'NEXTAUTH_URL', 'NEXTAUTH_SECRET', 'PARLEY_MODEL', 'HF_TOKEN', 'SMTP_URL']

/** The end-to-end tests in a real browser, against an instance of their own that `up` starts. */
export async function runEndToEnd(root: string, steps: StepPrinter): Promise<Tally> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'parley-e2e-'))
  // As root, PostgreSQL runs as another user and must reach its folder in there.
  await chmod(dataFolder, 0o755)
  let up: GuardedChild | null = null
  try {
    const browser = await steps.step('Chromium', (progress) => findChromium(root, progress))
    const started = await steps.step('An instance for the tests', (progress) => {
      progress('npm run up')
      return startInstance(root, dataFolder)
    })
    up = started.up
    return await runPlaywright(root, dataFolder, browser, started.runtime)
  } catch (error) {
    process.stdout.write(`${describeFailure(error)}\n`)
    return { passed: 0, failed: 1 }
  } finally {
    await up?.stop(40_000)
    await removeCluster(dataFolder)
    await rm(dataFolder, { recursive: true, force: true })
  }
}

async function startInstance(root: string, dataFolder: string): Promise<{ up: GuardedChild; runtime: Runtime }> {
  const logFile = path.join(dataFolder, 'up.log')
  const cleared = Object.fromEntries(FOREIGN.map((name) => [name, '']))
  // The issuer of the single sign-on test stands on the loopback.
  const env = { ...process.env, ...cleared, PORT: '0', HOST: '127.0.0.1', PARLEY_DATA: dataFolder, ALLOW_PRIVATE_ISSUERS: '1' }
  const up = await startGuarded(process.execPath, ['--import', 'tsx', 'scripts/up.ts'], { cwd: root, env, logFile, stopSignal: 'SIGTERM' })
  const state = { ended: false }
  void up.exited.then(() => {
    state.ended = true
  })
  const until = Date.now() + UP_MS
  while (Date.now() < until && !state.ended) {
    const runtime = await readRuntime(dataFolder)
    if (runtime !== null) return { up, runtime }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await up.stop(40_000)
  throw new SetupError(`The instance for the tests did not come up:\n${lastLines(await readFile(logFile, 'utf8'), 30)}`, 'see the message')
}

async function runPlaywright(root: string, dataFolder: string, browser: string, runtime: Runtime): Promise<Tally> {
  const report = path.join(dataFolder, 'playwright.json')
  const env = {
    ...process.env,
    PARLEY_E2E_URL: runtime.appUrl,
    PARLEY_E2E_CHROMIUM: browser,
    // Operators are made on the command line.
    PARLEY_E2E_DATA: dataFolder,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  }
  const begun = Date.now()
  process.stdout.write('… End-to-end tests\n')
  const code = await runShown(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'], { cwd: root, env })
  const tally = await reportedTally(report, code, playwrightTally)
  process.stdout.write(`${tally.failed === 0 ? '✓' : '✗'} End-to-end tests  ${((Date.now() - begun) / 1000).toFixed(1)} s\n`)
  if (tally.failed > 0) {
    const kept = path.join(root, 'test-results/logs')
    await cp(path.join(dataFolder, 'logs'), kept, { recursive: true })
    process.stdout.write(`  The logs of the instance are in ${kept}\n`)
  }
  return tally
}
