import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

import { ask, createKey, expect, signedIn, test } from './fixtures'

// Looking through a page takes the checker seconds, and there are many pages.
test.describe.configure({ timeout: 240_000 })

const SIGNED_OUT = ['/', '/sign-in', '/sign-up', '/forgot-password', '/invitations/none', '/no-such-page']
const SIGNED_IN = ['/chat', '/translate', '/translate/documents', '/translate/glossaries', '/write', '/keys', '/usage', '/settings', '/settings/organization', '/settings/members', '/settings/audit', '/settings/billing', '/settings/security', '/settings/sso']

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    what,
  ).toEqual([])
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme })
    signedIn.use({ colorScheme })

    test('pages for everyone have no accessibility faults', async ({ page }) => {
      for (const path of SIGNED_OUT) {
        await page.goto(path)
        await expectAccessible(page, path)
      }
    })

    signedIn('pages of the workspace have no accessibility faults', async ({ page }) => {
      await createKey(page, 'Website')
      await page.goto('/chat')
      await ask(page, 'How are you?')
      await expectAccessible(page, 'a conversation')
      for (const path of SIGNED_IN) {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await expectAccessible(page, path)
      }
      await page.goto('/keys')
      await page.getByRole('button', { name: 'Create key' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page, 'a dialog')
    })
  })
}

signedIn('the theme is chosen, kept over a reload, and set before the first paint', async ({ page }) => {
  await page.goto('/settings')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.addInitScript(() => {
    document.addEventListener('DOMContentLoaded', () => {
      document.documentElement.dataset['atLoad'] = document.documentElement.dataset['theme'] ?? 'none'
    })
  })
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-at-load', 'dark')
  await page.getByRole('radio', { name: 'System' }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
})

signedIn('the workspace is worked by keyboard alone', async ({ page }) => {
  await page.goto('/usage')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#content')).toBeFocused()
  await page.goto('/settings')
  await page.getByRole('button', { name: /^Account:/ }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Settings' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: /^Account:/ })).toBeFocused()
})
