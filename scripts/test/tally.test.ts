import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { playwrightTally, reportedTally, sum, tallyLine, vitestTally } from './tally'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-tally-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a test file that cannot be loaded counts as a failure', () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{}] },
      { status: 'failed', assertionResults: [] },
    ],
  }
  expect(vitestTally(report)).toEqual({ passed: 4, failed: 2 })
})

test('a browser test that passes only when repeated counts as a failure', () => {
  expect(playwrightTally({ stats: { expected: 9, unexpected: 1, flaky: 2, skipped: 0 }, errors: [] })).toEqual({ passed: 9, failed: 3 })
})

test('a runner that crashed is a failure, with a report and without', async () => {
  const file = path.join(folder, 'report.json')
  expect(await reportedTally(file, 0, vitestTally)).toEqual({ passed: 0, failed: 1 })
  await writeFile(file, JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [] }))
  expect(await reportedTally(file, 1, vitestTally)).toEqual({ passed: 3, failed: 1 })
  expect(await reportedTally(file, 0, vitestTally)).toEqual({ passed: 3, failed: 0 })
})

test('the last line adds everything up', () => {
  expect(tallyLine(sum([{ passed: 1, failed: 0 }, { passed: 20, failed: 2 }]))).toBe('21 passed, 2 failed')
})
