import { randomBytes } from 'node:crypto'

import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test'

export interface Account {
  name: string
  organization: string
  email: string
  password: string
}

export function newAccount(): Account {
  const tag = randomBytes(5).toString('hex')
  return { name: 'Ada Byron', organization: `Analytical ${tag}`, email: `ada.${tag}@example.com`, password: `engine-${tag}` }
}

/** Fills the sign-up page in as a person does and waits for the workspace. */
export async function signUp(page: Page, account: Account): Promise<void> {
  await page.goto('/sign-up')
  await page.getByLabel('Name', { exact: true }).fill(account.name)
  await page.getByLabel('Organisation').fill(account.organization)
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByLabel('Password').fill(account.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/chat')
}

export async function signIn(page: Page, { email, password }: Pick<Account, 'email' | 'password'>): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The same without the pages, for tests of something else; `page` is then signed in and in the workspace. */
async function enter(page: Page, account: Account): Promise<void> {
  const { name, organization, email, password } = account
  const made = await page.request.post('/api/sign-up', { data: { name, organization, email, password } })
  expect(made.status()).toBe(201)
  const csrf: unknown = await (await page.request.get('/api/auth/csrf')).json()
  const csrfToken = typeof csrf === 'object' && csrf !== null && 'csrfToken' in csrf ? String(csrf.csrfToken) : ''
  await page.request.post('/api/auth/callback/credentials', { form: { csrfToken, email, password, json: 'true' } })
  await page.goto('/chat')
  await expect(page).toHaveURL(/\/chat$/)
}

/** A second person in a browser of their own. */
export async function stranger(browser: Browser): Promise<{ context: BrowserContext; page: Page; account: Account }> {
  const context = await browser.newContext()
  const page = whole(await context.newPage())
  const account = newAccount()
  await enter(page, account)
  return { context, page, account }
}

/** Makes a key on the page and returns it. */
export async function createKey(page: Page, name: string): Promise<string> {
  await page.goto('/keys')
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = await dialog.locator('[data-new-key]').textContent()
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  return key?.trim() ?? ''
}

/** Sends a message and waits until its answer is whole; returns the answer. */
export async function ask(page: Page, question: string): Promise<string> {
  const answers = page.locator('article[aria-label="Parley"]')
  const before = await answers.count()
  await page.getByLabel('Message', { exact: true }).fill(question)
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(answers).toHaveCount(before + 1)
  await expect(answers.last()).toHaveAttribute('data-status', 'done')
  return (await answers.last().locator('[data-answer]').textContent()) ?? ''
}

/**
 * Lets `page` be read once it is whole: what streams in stands in the document twice for a moment, hidden where it
 * came and in its place.
 */
function whole(page: Page): Page {
  const goto = page.goto.bind(page)
  const reload = page.reload.bind(page)
  const streamed = () => page.waitForFunction(() => document.querySelector('[hidden][id^="S:"]') === null)
  page.goto = async (...args) => {
    const response = await goto(...args)
    await streamed()
    return response
  }
  page.reload = async (...args) => {
    const response = await reload(...args)
    await streamed()
    return response
  }
  return page
}

interface Fixtures {
  /** A new account in an organisation of its own, with which `page` is signed in. */
  account: Account
}

/** Signed out, but for tests that ask for an account. */
export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    await use(whole(page))
  },
  account: async ({ page }, use) => {
    const account = newAccount()
    await enter(page, account)
    await use(account)
  },
})

/** Signed in from the start, each test with an account of its own. */
export const signedIn = test.extend<{ person: Account }>({
  person: [
    async ({ account }, use) => {
      await use(account)
    },
    { auto: true },
  ],
})

export { expect }
