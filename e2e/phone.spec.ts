import type { Page } from '@playwright/test'

import { ask, expect, signedIn as test } from './fixtures'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, page.url()).toBeLessThanOrEqual(0)
}

test('every page fits a phone', async ({ page }) => {
  for (const path of ['/chat', '/translate', '/translate/documents', '/translate/glossaries', '/write', '/keys', '/usage', '/settings', '/settings/organization', '/settings/members', '/settings/audit', '/settings/billing']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectNoSidewaysScroll(page)
  }
  await page.context().clearCookies()
  for (const path of ['/', '/sign-in', '/sign-up', '/forgot-password', '/invitations/none']) {
    await page.goto(path)
    await expectNoSidewaysScroll(page)
  }
})

test('a person chats on a phone and finds the conversation in the drawer', async ({ page }) => {
  await ask(page, 'How are you?')
  await page.getByRole('link', { name: 'New chat' }).click()
  await page.waitForURL('**/chat')
  await page.getByRole('button', { name: 'Conversations' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'How are you?' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('[data-answer]')).not.toBeEmpty()
})

test('the bottom bar reaches everything', async ({ page }) => {
  const bar = page.getByRole('navigation', { name: 'Workspace' })
  await bar.getByRole('link', { name: 'Translate' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Translate' })).toBeVisible()
  await bar.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'API keys' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible()
  await bar.getByRole('button', { name: 'More' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
})
