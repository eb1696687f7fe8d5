import { expect, newAccount, signIn, signUp, test } from './fixtures'

test('a person signs up, signs out and signs in again', async ({ page }) => {
  const account = newAccount()
  await signUp(page, account)
  await page.getByRole('button', { name: /^Account: Ada Byron/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')

  await page.goto('/usage')
  await page.waitForURL('**/sign-in?next=%2Fusage')
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByLabel('Password').fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/usage')
  await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible()
})

test('a wrong password and an unknown e-mail are answered alike', async ({ page, account }) => {
  await page.context().clearCookies()
  for (const credentials of [
    { email: account.email, password: 'not the password' },
    { email: 'nobody@example.com', password: 'not the password' },
  ]) {
    await signIn(page, credentials)
    await expect(page.getByRole('alert').filter({ hasText: 'The e-mail address or the password is not right.' })).toBeVisible()
    await expect(page).toHaveURL(/\/sign-in/)
  }
})

test('repeated failures lock the account for a while, also for the right password', async ({ page, account }) => {
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(account.email)
  for (let attempt = 0; attempt < 11; attempt += 1) {
    await page.getByLabel('Password').fill(`wrong-${attempt}`)
    const answered = page.waitForResponse((response) => response.url().includes('/api/auth/callback/credentials'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await answered
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeEnabled()
  }
  await expect(page.getByRole('alert').filter({ hasText: /minutes?/ })).toBeVisible()
  await page.getByLabel('Password').fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /minutes?/ })).toBeVisible()
  await expect(page).toHaveURL(/\/sign-in/)
})

test('each bad field of the sign-up page says what is wrong, and nothing entered is lost', async ({ page }) => {
  await page.goto('/sign-up')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByText('Enter your name.')).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true')

  await page.getByLabel('Name', { exact: true }).fill('Ada')
  await page.getByLabel('Organisation').fill('x'.repeat(81))
  await page.getByLabel('E-mail').fill('not an address')
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByText('Use at most 80 characters.')).toBeVisible()
  await expect(page.getByText('Enter an e-mail address, such as name@example.com.')).toBeVisible()
  await expect(page.getByText('Use at least 8 characters.')).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Ada')
})

test('an e-mail that is taken is refused beside its field', async ({ page, account }) => {
  await page.context().clearCookies()
  await page.goto('/sign-up')
  await page.getByLabel('Name', { exact: true }).fill('Someone Else')
  await page.getByLabel('Organisation').fill('Elsewhere')
  await page.getByLabel('E-mail').fill(account.email.toUpperCase())
  await page.getByLabel('Password').fill('long enough to pass')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true')
  await expect(page).toHaveURL(/\/sign-up/)
})

test('a session that was ended elsewhere reaches nothing more', async ({ page, account, browser }) => {
  const other = await browser.newContext()
  const second = await other.newPage()
  await signIn(second, account)
  await second.waitForURL('**/chat')

  await page.goto('/settings/security')
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
  await expect(sessions).toHaveCount(2)
  await sessions.getByRole('button', { name: 'Sign out' }).click()
  await expect(sessions).toHaveCount(1)

  await second.goto('/settings')
  await second.waitForURL('**/sign-in?next=%2Fsettings')
  await other.close()
})
