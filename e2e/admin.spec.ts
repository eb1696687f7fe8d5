import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

import { ask, createKey, expect, stranger, test } from './fixtures'
import { createOperator, enrol } from './operator'

test.describe.configure({ timeout: 240_000 })

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`), what).toEqual([])
}

test('to anybody but an operator the dashboard does not exist', async ({ page, account }) => {
  expect(account.email).toContain('@')
  expect((await page.goto('/admin'))?.status()).toBe(404)
  expect((await page.goto('/admin/tenants'))?.status()).toBe(404)
  expect((await page.request.get('/api/admin/live')).status()).toBe(403)
  await page.goto('/chat')
  await expect(page.getByRole('link', { name: 'Operations' })).toHaveCount(0)
})

test('an operator finds a tenant, changes its terms, suspends it, acts in a member’s place and returns', async ({ page, browser }) => {
  const tenant = await stranger(browser)
  const key = await createKey(tenant.page, 'Website')
  await tenant.page.goto('/chat')
  await ask(tenant.page, 'How are you?')
  const useKey = () => tenant.page.request.get('/v1/models', { headers: { authorization: `Bearer ${key}` } })
  expect((await useKey()).status()).toBe(200)

  await enrol(page, await createOperator())
  await expect(page.getByRole('region', { name: 'Worker and queue' })).toContainText('Running')

  await test.step('the tenant is found by its owner’s e-mail', async () => {
    await page.getByRole('link', { name: 'Tenants' }).click()
    await page.getByRole('searchbox').fill(tenant.account.email)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: tenant.account.organization }).click()
    await expect(page.getByRole('heading', { level: 1, name: tenant.account.organization })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Usage by model' })).toContainText('parley-mini-0')
    // Conversations are nobody's to read here.
    await expect(page.getByText('How are you?')).toHaveCount(0)
  })

  await test.step('plan and quota change, and hold at once', async () => {
    const tokens = page.getByRole('textbox', { name: 'Tokens a month' })
    await tokens.fill('many')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(tokens).toHaveAttribute('aria-invalid', 'true')
    await tokens.fill('2500')
    await page.getByLabel('Plan', { exact: true }).selectOption('pro')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('of 2,500')).toBeVisible()
    await tenant.page.goto('/usage')
    await expect(tenant.page.getByRole('region', { name: 'Tokens' }).getByText('of 2,500')).toBeVisible()
  })

  await test.step('suspended: key and pages are refused at once; resumed: they work again', async () => {
    await page.getByRole('button', { name: 'Suspend' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Unpaid bills')
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
    await expect(page.getByText(/Suspended since/)).toBeVisible()
    const refused = await useKey()
    expect(refused.status()).toBe(403)
    expect(await refused.text()).toContain('The organisation is suspended.')
    await tenant.page.goto('/translate')
    await expect(tenant.page.getByRole('heading', { name: `${tenant.account.organization} is suspended` })).toBeVisible()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Paid')
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await expect(page.getByRole('button', { name: 'Suspend' })).toBeVisible()
    expect((await useKey()).status()).toBe(200)
  })

  await test.step('in the member’s place: a banner on every page, nothing to change, and a way back', async () => {
    await page.getByRole('button', { name: `Impersonate ${tenant.account.name}` }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Ticket 7')
    await page.getByRole('dialog').getByRole('button', { name: 'Impersonate' }).click()
    await page.waitForURL('**/chat')
    const banner = page.getByRole('complementary', { name: 'Impersonation' })
    await expect(banner).toContainText(tenant.account.email)
    await page.goto('/keys')
    await expect(banner).toBeVisible()
    const refused = await page.request.post('/api/keys', { data: { name: 'Mine', scopes: ['chat'] } })
    expect(refused.status()).toBe(403)
    expect((await page.goto('/admin'))?.status()).toBe(404)
    await page.goto('/settings')
    await banner.getByRole('button', { name: 'Return' }).click()
    await page.waitForURL('**/admin/tenants/*')
    await expect(banner).toHaveCount(0)
  })

  await test.step('all of it stands in the audit log, the tenant’s own too', async () => {
    const log = page.getByRole('region', { name: 'Audit events' })
    for (const action of ['quota.changed', 'plan.changed', 'organization.suspended', 'organization.resumed', 'impersonation.started', 'impersonation.ended']) {
      await expect(log.getByText(action, { exact: true }).first()).toBeVisible()
    }
    await page.goto('/admin/audit?action=impersonation&text=Ticket+7')
    await expect(page.getByRole('link', { name: tenant.account.organization }).first()).toBeVisible()
    await tenant.page.goto('/settings/audit')
    await expect(tenant.page.getByText(/Ticket 7/).first()).toBeVisible()
  })
  await tenant.context.close()
})

test('an operator sets a price to come after seeing its effect', async ({ page }) => {
  await enrol(page, await createOperator())
  await page.goto('/admin/prices')
  // A model of its own and a day far ahead: nothing that anybody is billed for.
  const price = `${1 + Math.floor(Math.random() * 8)}.${String(Date.now()).slice(-4)}1`
  await page.getByLabel('Feature').selectOption('write')
  await page.getByRole('textbox', { name: 'Price' }).fill('1,50')
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.getByText('Enter a price such as 1.50')).toBeVisible()
  await page.getByRole('textbox', { name: 'Price' }).fill(price)
  await page.getByLabel('Valid from').fill('2099-01-01T00:00')
  await page.getByRole('button', { name: 'Preview' }).click()
  await expect(page.getByRole('note')).toBeVisible()
  await page.getByRole('button', { name: 'Set the price' }).click()
  // A second run on the same installation finds the moment taken; the page says so beside the field.
  await expect(page.getByText('The price is set.').or(page.getByText('There is a price for this very moment already.')).first()).toBeVisible()
  await expect(page.getByRole('region', { name: 'History of prices' })).toContainText('2099')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the dashboard has no accessibility faults in the ${colorScheme} theme, nor a page wider than a phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await enrol(page, await createOperator())
    for (const path of ['/admin', '/admin/tenants', '/admin/usage', '/admin/prices', '/admin/flags', '/admin/audit', '/admin/switches']) {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expectAccessible(page, path)
      await page.setViewportSize({ width: 390, height: 844 })
      expect(await page.locator('#content > div').evaluate((body) => body.scrollWidth - body.clientWidth), `${path} on a phone`).toBe(0)
    }
    await page.getByRole('button', { name: 'Pages' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'Tenants' }).click()
    await page.getByRole('region', { name: 'Tenants' }).getByRole('link').nth(5).click()
    await expect(page.getByRole('heading', { name: 'Plan and quotas' })).toBeVisible()
    await expectAccessible(page, 'a tenant on a phone')
  })
}
