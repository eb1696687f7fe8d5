import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { lastLines, runProgram } from '../run-program'
import { messageOf, SetupError } from '../setup-error'
import type { Progress } from '../step-printer'

const SYSTEM_BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome']
const DOWNLOAD_MS = 120_000

/** What a browser needs in containers and virtual machines, and what keeps it from calling home. */
export const BROWSER_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']

/**
 * A Chromium that starts: Playwright's own, else one of the system, else one that is installed now,
 * by Playwright or by the distribution's packages. Returns its executable.
 * @throws SetupError saying what to install
 */
export async function findChromium(root: string, progress: Progress): Promise<string> {
  progress('looking for one')
  const own = chromium.executablePath()
  const failures: string[] = []
  for (const candidate of [own, ...SYSTEM_BROWSERS]) {
    const failure = await startFailure(candidate)
    if (failure === null) return candidate
    if (failure !== '') failures.push(`${candidate}: ${failure}`)
  }
  progress("downloading Playwright's own")
  await runProgram(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], { cwd: root, timeoutMs: DOWNLOAD_MS })
  if ((await startFailure(own)) === null) return own
  progress("installing the distribution's package")
  const complaint = await installPackage()
  for (const candidate of SYSTEM_BROWSERS) if ((await startFailure(candidate)) === null) return candidate
  throw new SetupError(
    `No Chromium for the end-to-end tests could be found or installed.\n${[...failures, complaint].filter((line) => line !== '').join('\n')}`,
    'install the package chromium of this system as root, or run: npx playwright install --with-deps chromium',
  )
}

/** null when it starts; an empty text when it is not there. */
async function startFailure(executablePath: string): Promise<string | null> {
  if (!existsSync(executablePath)) return ''
  try {
    const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS, timeout: 60_000 })
    await browser.close()
    return null
  } catch (error) {
    return messageOf(error).split('\n')[0] ?? 'it does not start'
  }
}

async function installPackage(): Promise<string> {
  const privileged = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = async (...args: string[]) => {
    const [program = 'apt-get', ...rest] = [...privileged, 'apt-get', ...args]
    return runProgram(program, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 300_000 })
  }
  await apt('update')
  const result = await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation')
  return result.code === 0 ? '' : lastLines(result.stderr, 3)
}
