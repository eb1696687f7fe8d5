import { expect, test } from './fixtures'

test.beforeEach(async ({ page, account }) => {
  expect(account.email).not.toBe('')
  await page.goto('/write')
})

test('an opening becomes five drafts, each with its own text, that outlast a reload', async ({ page }) => {
  await page.getByRole('radiogroup', { name: 'Drafts' }).getByRole('radio', { name: '5' }).click()
  await page.getByLabel('Opening').fill('I went to the station because')
  await page.getByRole('button', { name: 'Write drafts' }).click()
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Write drafts' })).toBeVisible()
  const drafts = page.locator('[data-draft]')
  await expect(drafts).toHaveCount(5)
  const texts = await drafts.allTextContents()
  expect(new Set(texts).size).toBeGreaterThan(1)
  await page.reload()
  expect(await drafts.allTextContents()).toEqual(texts)
  await expect(page.getByLabel('Opening')).toHaveValue('I went to the station because')
})

test('a draft is continued from where it ends', async ({ page }) => {
  await page.getByRole('radiogroup', { name: 'Length' }).getByRole('radio', { name: 'A sentence' }).click()
  await page.getByLabel('Opening').fill('I think that')
  await page.getByRole('button', { name: 'Write drafts' }).click()
  const go = page.getByRole('button', { name: 'Continue draft 1' })
  await expect(go).toBeEnabled()
  const first = await page.getByRole('article', { name: 'Draft 1' }).locator('p').textContent()
  await go.click()
  await expect(page.getByLabel('Opening')).toHaveValue(first ?? '')
  await expect(page.getByRole('article', { name: 'Draft 1' }).locator('p')).toContainText(first ?? '')
})

test('stopping keeps what was said', async ({ page }) => {
  await page.getByRole('radiogroup', { name: 'Drafts' }).getByRole('radio', { name: '5' }).click()
  await page.getByRole('radiogroup', { name: 'Length' }).getByRole('radio', { name: 'Long' }).click()
  await page.getByRole('radiogroup', { name: 'Mood' }).getByRole('radio', { name: 'Adventurous' }).click()
  await page.getByLabel('Opening').fill('She said')
  await page.getByRole('button', { name: 'Write drafts' }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByRole('button', { name: 'Write drafts' })).toBeVisible()
  const kept = await page.locator('[data-draft]').allTextContents()
  await page.reload()
  expect(await page.locator('[data-draft]').allTextContents()).toEqual(kept)
})

test('an opening that fills the context is refused with the reason, and kept', async ({ page }) => {
  const opening = 'word '.repeat(400)
  await page.getByLabel('Opening').fill(opening)
  await page.getByRole('button', { name: 'Write drafts' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Shorten it.' })).toBeVisible()
  await expect(page.getByLabel('Opening')).toHaveValue(opening)
})
