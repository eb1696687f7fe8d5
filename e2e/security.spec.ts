import { Secret, TOTP } from 'otpauth'

import { expect, signedIn, signIn, test } from './fixtures'
import { startOidcIssuer } from './oidc-issuer'

/** The code that an authenticator app shows so many half minutes from now. */
function codeAt(secret: string, steps: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
}

signedIn('the second step: set up, asked for at sign-in, recovery codes good once each', async ({ page, person }) => {
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your password').fill('not the password')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Your password').fill(person.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()

  await expect(dialog.getByRole('img', { name: /QR code/ })).toBeVisible()
  const secret = (await dialog.locator('[data-totp-secret]').getAttribute('data-totp-secret')) ?? ''
  await dialog.getByLabel('Code').fill('000000')
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await expect(dialog.getByText(/not the code that the app shows/)).toBeVisible()
  await dialog.getByLabel('Code').fill(codeAt(secret, -1))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await expect(dialog.locator('[data-recovery-code]')).toHaveCount(10)
  const recovery = (await dialog.locator('[data-recovery-code]').first().textContent()) ?? ''
  await dialog.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText('10 recovery codes are left')).toBeVisible()

  const signInAnew = async (): Promise<void> => {
    await page.context().clearCookies()
    await signIn(page, person)
    await expect(page.getByLabel('Code')).toBeVisible()
  }
  await signInAnew()
  await page.getByLabel('Code').fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'This code is not right' })).toBeVisible()
  await page.getByLabel('Code').fill(codeAt(secret, 0))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/chat')

  await signInAnew()
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(recovery.toLowerCase())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/chat')

  await signInAnew()
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(recovery)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'was used before' })).toBeVisible()
  await page.getByRole('button', { name: 'Use the app’s code' }).click()
  await page.getByLabel('Code').fill(codeAt(secret, 1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/chat')
  await page.goto('/settings/security')
  await expect(page.getByText('9 recovery codes are left')).toBeVisible()
})

signedIn('sessions: named by their browser, ended one by one or all others at once; a new password ends them too', async ({ page, person, browser }) => {
  const others = await Promise.all([1, 2].map(() => browser.newContext({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' })))
  for (const other of others) {
    const opened = await other.newPage()
    await signIn(opened, person)
    await opened.waitForURL('**/chat')
  }
  await page.goto('/settings/security')
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
  await expect(sessions).toHaveCount(3)
  await expect(sessions.filter({ hasText: 'This one' })).toContainText('In use now')
  await expect(sessions.filter({ hasText: 'Firefox on Linux' })).toHaveCount(2)
  await sessions.filter({ hasText: 'Firefox on Linux' }).first().getByRole('button', { name: 'Sign out' }).click()
  await expect(sessions).toHaveCount(2)
  await page.getByRole('button', { name: 'End all others' }).click()
  await expect(sessions).toHaveCount(1)
  for (const other of others) {
    const [opened] = other.pages()
    await opened?.goto('/settings')
    await opened?.waitForURL('**/sign-in?next=%2Fsettings')
  }

  const [first] = others
  const again = await first?.newPage()
  if (again === undefined) throw new Error('There is no other browser.')
  await signIn(again, person)
  await again.waitForURL('**/chat')
  await page.reload()
  await expect(sessions).toHaveCount(2)
  await page.getByLabel('Your password').fill(person.password)
  await page.getByLabel('New password').fill('another long password')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect(sessions).toHaveCount(1)
  await again.goto('/settings')
  await again.waitForURL('**/sign-in?next=%2Fsettings')
  await Promise.all(others.map((other) => other.close()))
})

signedIn("an organisation's own sign-on: set up, linked, and entered by its link", async ({ page, person, browser }) => {
  const issuer = await startOidcIssuer()
  try {
    await page.goto('/settings/sso')
    await page.getByLabel('Name').fill('Acme ID')
    await page.getByRole('textbox', { name: 'Issuer' }).fill('http://127.0.0.1:9')
    await page.getByLabel('Client id').fill(issuer.clientId)
    await page.getByLabel('Client secret').fill(issuer.clientSecret)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText(/could not be read/)).toBeVisible()
    await page.getByRole('textbox', { name: 'Issuer' }).fill(issuer.issuer)
    await page.getByRole('button', { name: 'Save' }).click()
    const redirect = page.locator('dd code').first()
    await expect(redirect).toContainText('/api/auth/callback/oidc-')
    issuer.allowRedirect((await redirect.textContent()) ?? '')
    const link = (await page.locator('dd code').nth(1).textContent()) ?? ''

    issuer.addPerson({ sub: 'ada', name: 'Ada Byron', email: person.email, email_verified: true })
    await page.goto('/settings/security')
    await page.getByRole('button', { name: 'Link Acme ID' }).click()
    await page.getByRole('dialog').getByLabel('Your password').fill(person.password)
    await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Subject').fill('ada')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL('**/settings/security')
    await expect(page.getByRole('list', { name: 'Linked accounts' })).toContainText('Acme ID')

    const other = await browser.newContext()
    const elsewhere = await other.newPage()
    await elsewhere.goto(link)
    await expect(elsewhere.getByRole('heading', { name: `Sign in to ${person.organization}` })).toBeVisible()
    await elsewhere.getByRole('button', { name: 'Continue with Acme ID' }).click()
    await elsewhere.getByLabel('Subject').fill('ada')
    await elsewhere.getByRole('button', { name: 'Continue' }).click()
    await elsewhere.waitForURL('**/chat')
    await elsewhere.goto('/settings/security')
    await expect(elsewhere.getByText(/signed in through your organisation/)).toBeVisible()
    await expect(elsewhere.getByRole('button', { name: 'Change the password' })).toHaveCount(0)

    // Somebody whom the issuer knows and nobody here does.
    issuer.addPerson({ sub: 'eve', email: 'eve@elsewhere.example', email_verified: true })
    const guest = await browser.newContext()
    const eve = await guest.newPage()
    await eve.goto(link)
    await eve.getByRole('button', { name: 'Continue with Acme ID' }).click()
    await eve.getByLabel('Subject').fill('eve')
    await eve.getByRole('button', { name: 'Continue' }).click()
    await expect(eve.getByRole('alert').filter({ hasText: 'not linked to' })).toBeVisible()

    await page.goto('/settings/sso')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByText('Register Parley there')).toBeVisible()
    await elsewhere.goto('/settings')
    await elsewhere.waitForURL('**/sign-in?next=%2Fsettings')
    await Promise.all([other.close(), guest.close()])
  } finally {
    await issuer.close()
  }
})

test('an address that no organisation has claimed is told so', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Continue with single sign-on' }).click()
  await page.getByLabel('E-mail at work').fill('ada@nobody.example')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByText(/No organisation signs in with nobody.example/)).toBeVisible()
  await page.getByRole('button', { name: 'Use a password instead' }).click()
  await expect(page.getByLabel('Password')).toBeVisible()
})
