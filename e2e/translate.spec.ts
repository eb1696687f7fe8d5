import type { Page } from '@playwright/test'

import { expect, signedIn as test } from './fixtures'

const source = (page: Page) => page.getByLabel('Text to translate')
/** The translation, once it belongs to what stands in the field. */
const translation = (page: Page) => page.locator('[data-translation]:not([data-stale])')

test.beforeEach(async ({ page }) => {
  await page.goto('/translate')
})

async function choose(page: Page, which: 'From' | 'To', language: string): Promise<void> {
  await page.getByRole('combobox', { name: which }).click()
  await page.getByRole('option', { name: language, exact: true }).click()
}

test('a text is translated after a pause in typing, and its language detected', async ({ page }) => {
  await source(page).pressSequentially('She is my sister.')
  await expect(translation(page)).toHaveText("C'est ma sœur.")
  await expect(page.getByRole('combobox', { name: 'From' })).toHaveText('Detected: English')
  await expect(page.getByText('17 / 20,000')).toBeVisible()
})

test('French is translated into English, and swapping takes languages and texts along', async ({ page }) => {
  await choose(page, 'From', 'French')
  await choose(page, 'To', 'English')
  await source(page).fill('Je suis malade.')
  await source(page).press('Control+Enter')
  await expect(translation(page)).not.toBeEmpty()
  const english = (await translation(page).textContent()) ?? ''
  await page.getByRole('button', { name: 'Swap languages' }).click()
  await expect(page.getByRole('combobox', { name: 'From' })).toHaveText('English')
  await expect(page.getByRole('combobox', { name: 'To' })).toHaveText('French')
  await expect(source(page)).toHaveValue(english)
  await expect(page.locator('[data-translation]')).toHaveText('Je suis malade.')
})

test('line breaks and empty lines are kept', async ({ page }) => {
  await source(page).fill('I am happy.\n\nHe is tired. She sleeps.\nGood night!')
  await source(page).press('Control+Enter')
  await expect(translation(page)).not.toBeEmpty()
  const lines = ((await translation(page).textContent()) ?? '').split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toBe('')
  for (const line of [lines[0], lines[2], lines[3]]) expect(line?.trim()).not.toBe('')
})

test('only declared languages are offered', async ({ page }) => {
  await page.getByRole('combobox', { name: 'To' }).click()
  await expect(page.getByRole('option')).toHaveText(['English', 'French'])
})

test('a failure says why and keeps the text, and trying again helps', async ({ page }) => {
  await page.route('**/api/translate', (route) => route.abort(), { times: 1 })
  await source(page).fill('I am tired.')
  await expect(page.getByRole('alert').filter({ hasText: 'could not be reached' })).toBeVisible()
  await expect(source(page)).toHaveValue('I am tired.')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(translation(page)).not.toBeEmpty()
})

test('a text that is too long says so and is not sent', async ({ page }) => {
  let sent = 0
  await page.route('**/api/translate', (route) => {
    sent += 1
    return route.continue()
  })
  await source(page).fill('a'.repeat(20_001))
  await expect(page.getByText('Too long: 20,001 / 20,000')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Translate', exact: true })).toBeDisabled()
  await source(page).fill('Yes.')
  await expect(translation(page)).not.toBeEmpty()
  expect(sent).toBe(1)
})

test('a long text shows how far it is', async ({ page }) => {
  const sentences = ['I am happy.', 'He is tired.', 'She sleeps.', 'We are late.', 'They know it.']
  await source(page).fill(Array.from({ length: 60 }, (_, index) => `${sentences[index % sentences.length] ?? ''} Number ${index}.`).join(' '))
  await source(page).press('Control+Enter')
  await expect(page.getByRole('status').filter({ hasText: /\d+ of \d+ sentences/ })).toBeVisible()
  await expect(translation(page)).not.toBeEmpty({ timeout: 50_000 })
})
