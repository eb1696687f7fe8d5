import { readFile } from 'node:fs/promises'

import AxeBuilder from '@axe-core/playwright'
import { unzipSync } from 'fflate'

import { expect, signedIn as test } from './fixtures'

test('what an organisation does not want said is refused, listed and looked at', async ({ page }) => {
  await page.goto('/settings/privacy')
  await page.getByRole('radiogroup', { name: 'What people and programs write' }).or(page.getByRole('group', { name: 'What people and programs write' })).getByText('Block').click()
  await page.getByLabel('Your own words').fill('Project Falcon')
  await page.getByRole('region', { name: 'Moderation' }).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Moderation is set.').first()).toBeVisible()

  await page.goto('/chat')
  await page.getByLabel('Message', { exact: true }).fill('Tell me about project falcon.')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByText("the organisation's moderation policy blocks it")).toBeVisible()

  await page.goto('/settings/privacy')
  const flag = page.getByRole('list', { name: 'Flags' }).getByRole('listitem').first()
  await expect(flag).toContainText('Tell me about project falcon.')
  await expect(flag).toContainText('Blocked')
  await flag.getByRole('button', { name: /Mark as reviewed/ }).click()
  await expect(flag).toContainText('reviewed by Ada Byron')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('texts are kept as long as is set, and only after a question', async ({ page }) => {
  await page.goto('/settings/privacy')
  const section = page.getByRole('region', { name: 'How long texts are kept' })
  await section.getByLabel('For a number of days').check()
  await section.getByLabel('Days', { exact: true }).fill('0')
  await expect(section.getByText('Enter whole days')).toBeVisible()
  await section.getByLabel('Days', { exact: true }).fill('30')
  await section.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Remove what is older' }).click()
  await expect(page.getByText('Texts are kept for 30 days.').first()).toBeVisible()
  await page.reload()
  await expect(section.getByLabel('Days', { exact: true })).toHaveValue('30')

  await page.getByLabel('Models may be trained on this organisation’s texts').check()
  await expect(page.getByText(/Allowed by Ada Byron on/)).toBeVisible()
})

test('an owner takes everything away, and then ends the organisation', async ({ page, person }) => {
  await page.goto('/settings/privacy')
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download everything' }).click()
  const files = unzipSync(await readFile(await (await downloading).path()))
  expect(Buffer.from(files['tables/users.ndjson'] ?? []).toString()).toContain(person.email)
  expect(Object.keys(files)).toContain('manifest.json')

  await page.getByRole('button', { name: 'Erase…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/Type the name/).fill(person.organization)
  await dialog.getByLabel('Your password').fill('not the password')
  await dialog.getByRole('button', { name: 'Erase everything' }).click()
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Your password').fill(person.password)
  await dialog.getByRole('button', { name: 'Erase everything' }).click()
  await page.waitForURL('**/sign-in**')

  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(page).toHaveURL(/sign-in/)
})
