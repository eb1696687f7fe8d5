import { expect, signedIn as test } from './fixtures'

test.beforeEach(async ({ page }) => {
  await page.goto('/write')
})

test('an opening becomes five drafts, each with its own text, that outlast a reload', async ({ page }) => {
  await page.getByRole('radiogroup', { name: 'Drafts' }).getByRole('radio', { name: '5' }).click()
  await page.getByLabel('Opening').fill('I went to the station because')
  await page.getByRole('button', { name: 'Write drafts' }).click()
  const drafts = page.locator('[data-draft]')
  await expect(drafts).toHaveCount(5)
  await expect(page.getByRole('button', { name: 'Write drafts' })).toBeVisible()
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
  // The bundled model is done in a moment, so the page is shown nothing until the button was pressed. That a stop in
  // mid-answer keeps what was said, no more and no less, is proved beside the services.
  const stopped = page.waitForRequest('**/stop')
  await page.route('**/events?*', async (route) => {
    await stopped
    await route.continue()
  })
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
