import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'

import type { Page } from '@playwright/test'
import { Secret, TOTP } from 'otpauth'

import { expect, signIn } from './fixtures'

export interface Operator {
  email: string
  password: string
}

/** Makes an operator as one is made: on the command line, over the instance's own data folder. */
export async function createOperator(): Promise<Operator> {
  const dataFolder = process.env['PARLEY_E2E_DATA']
  if (dataFolder === undefined) throw new Error('PARLEY_E2E_DATA is not set: the data folder of the instance under test.')
  const tag = randomBytes(5).toString('hex')
  const operator = { email: `operator.${tag}@example.com`, password: `operate-${tag}` }
  const args = ['--import', 'tsx', 'scripts/parley.ts', 'operator', 'create', '--email', operator.email, '--password', operator.password]
  await promisify(execFile)(process.execPath, args, { cwd: path.resolve(import.meta.dirname, '..'), env: { ...process.env, PARLEY_DATA: dataFolder } })
  return operator
}

/** Signs in, is led from the dashboard to the second factor, and sets it up. */
export async function enrol(page: Page, operator: Operator): Promise<void> {
  await signIn(page, operator)
  await page.waitForURL('**/chat')
  await page.goto('/admin')
  await page.waitForURL('**/settings/security?for=operators')
  await expect(page.getByText('The operator’s pages ask for a second step at sign-in.')).toBeVisible()
  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your password').fill(operator.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  const secret = (await dialog.locator('[data-totp-secret]').getAttribute('data-totp-secret')) ?? ''
  await dialog.getByLabel('Code').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate())
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await page.goto('/admin')
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
}
