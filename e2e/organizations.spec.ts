import type { Page } from '@playwright/test'

import { expect, signedIn as test, stranger } from './fixtures'

/** Invites on the page and returns the link that it shows. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.goto('/settings/members')
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(email)
  await dialog.getByRole('radio', { name: new RegExp(`^${role}`, 'u') }).check()
  await dialog.getByRole('button', { name: 'Invite' }).click()
  const link = await dialog.locator('[data-invitation-link]').textContent()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('list', { name: 'Invitations' }).getByText(email)).toBeVisible()
  return link?.trim() ?? ''
}

const memberNamed = (page: Page, name: string) => page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name })

test('somebody new joins by a link, reaches what the role reaches, and nothing once removed', async ({ page, person, browser }) => {
  const email = `grace.${Date.now()}@example.com`
  const link = await invite(page, email, 'Member')

  const context = await browser.newContext()
  const guest = await context.newPage()
  await guest.goto(link)
  await expect(guest.getByRole('heading', { name: `Join ${person.organization}` })).toBeVisible()
  await guest.getByRole('button', { name: 'Create account and join' }).click()
  await expect(guest.getByText('Enter your name.')).toBeVisible()
  await guest.getByLabel('Your name').fill('Grace Hopper')
  await guest.getByLabel('Password').fill('nanoseconds of wire')
  await guest.getByRole('button', { name: 'Create account and join' }).click()
  await guest.waitForURL('**/chat')
  await expect(guest.getByRole('button', { name: /^Account: Grace Hopper/ })).toContainText(person.organization)

  // A member works, and manages nobody.
  await guest.goto('/settings/members')
  await expect(memberNamed(guest, person.name)).toContainText('Owner')
  await expect(guest.getByRole('button', { name: 'Invite' })).toHaveCount(0)
  await expect(guest.getByRole('link', { name: 'Audit log' })).toHaveCount(0)
  await guest.goto('/settings/audit')
  await expect(guest.getByText('Your role does not reach this')).toBeVisible()
  expect((await guest.request.get('/api/organization/audit')).status()).toBe(403)

  // Billing sees usage, and no chats.
  await page.reload()
  await page.getByRole('combobox', { name: 'Role of Grace Hopper' }).click()
  await page.getByRole('option', { name: 'Billing' }).click()
  await expect(page.getByText('The role of Grace Hopper is changed.', { exact: true })).toBeVisible()
  await guest.goto('/chat')
  await guest.waitForURL('**/usage')
  await guest.goto('/translate')
  await expect(guest.getByText('Your role does not reach this')).toBeVisible()

  await page.getByRole('button', { name: 'Options of Grace Hopper' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(memberNamed(page, 'Grace Hopper')).toHaveCount(0)
  await guest.goto('/usage')
  await guest.waitForURL('**/sign-in?next=%2Fusage')
  await guest.goto(link)
  await expect(guest.getByRole('heading', { name: 'This invitation does not hold' })).toBeVisible()
  await context.close()

  await page.getByRole('link', { name: 'Audit log' }).click()
  await page.getByLabel('Action').fill('member')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page.getByRole('list', { name: 'Events' }).getByRole('listitem').locator('code')).toHaveText(['member.removed', 'member.role_changed', 'member.joined', 'member.invited'])
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download CSV' }).click()
  expect((await downloading).suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/)
})

test('an organisation is handed over to a member who has an account, with the owner’s password', async ({ page, person, browser }) => {
  const { context, page: heir, account } = await stranger(browser)
  const link = await invite(page, account.email, 'Member')
  await heir.goto(link)
  await heir.getByRole('button', { name: `Join ${person.organization}` }).click()
  await heir.waitForURL('**/chat')
  await expect(heir.getByRole('button', { name: /^Account/ })).toContainText(person.organization)

  await page.reload()
  const row = page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: account.email })
  await row.getByRole('button', { name: /^Options of/ }).click()
  await page.getByRole('menuitem', { name: 'Make an owner' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your password').fill('not the password')
  await dialog.getByRole('button', { name: 'Make an owner' }).click()
  await expect(dialog.getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Your password').fill(person.password)
  await dialog.getByRole('button', { name: 'Make an owner' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(row).toContainText('Owner')
  await expect(page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: person.email })).toContainText('Admin')

  // The only owner stays.
  await heir.goto('/settings/members')
  await heir.getByRole('listitem').filter({ hasText: account.email }).getByRole('button', { name: /^Options of/ }).click()
  await heir.getByRole('menuitem', { name: 'Leave the organisation' }).click()
  await heir.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click()
  await expect(heir.getByText('An organisation keeps at least one owner. Make somebody else an owner first.', { exact: true })).toBeVisible()
  await context.close()
})

test('a person makes a second organisation and goes to and fro, each with its own keys', async ({ page, person }) => {
  await page.request.post('/api/keys', { data: { name: 'Of the first', scopes: ['chat'] } })
  await page.goto('/settings/organization')
  await page.getByRole('button', { name: 'New organisation' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Second home')
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  const organizations = page.getByRole('main').getByRole('list', { name: 'Your organisations' }).getByRole('listitem')
  await expect(organizations.filter({ hasText: 'Second home' })).toContainText('You are here')
  await page.goto('/keys')
  await expect(page.getByText('Of the first')).toHaveCount(0)

  await page.getByRole('button', { name: /^Account/ }).click()
  await page.getByRole('menuitem', { name: person.organization }).click()
  await page.waitForURL('**/chat')
  await page.goto('/keys')
  await expect(page.getByText('Of the first')).toBeVisible()

  // Under another account an invitation says so.
  const link = await invite(page, 'somebody.else@example.com', 'Billing')
  await page.goto(link)
  await expect(page.getByText(`This invitation is for somebody.else@example.com, and you are signed in as ${person.email}.`)).toBeVisible()
  await page.goto('/settings/members')
  await page.getByRole('list', { name: 'Invitations' }).getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('Nobody is invited at the moment.')).toBeVisible()
})
