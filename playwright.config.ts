import { defineConfig, devices } from '@playwright/test'

const baseURL = process.env['PARLEY_E2E_URL'] ?? 'http://127.0.0.1:3000'
const executablePath = process.env['PARLEY_E2E_CHROMIUM']

const SWITCHES = '**/switches.spec.ts'

/** Runs against a server that stands already: `npm test` starts one and sets the two variables. */
export default defineConfig({
  testDir: 'e2e',
  // Each test has an account of its own, so tests do not touch each other; more workers would only slow the model down.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  projects: [
    { name: 'journeys', testIgnore: SWITCHES },
    // What is turned off is off for everybody, so nobody else may be on their way then.
    { name: 'switches', testMatch: SWITCHES, dependencies: ['journeys'] },
  ],
  use: {
    baseURL,
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined || executablePath === '' ? {} : { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
      ],
    },
  },
})
