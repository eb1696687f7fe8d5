import { ask, expect, stranger, signedIn as test } from './fixtures'

test('a question is answered, and the answer is there after a reload', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'What is on your mind?' })).toBeVisible()
  const answer = await ask(page, 'How are you?')
  expect(answer.trim()).not.toBe('')
  await expect(page).toHaveURL(/\/chat\/[0-9a-f-]{36}$/)
  await page.reload()
  await expect(page.locator('[data-answer]')).toHaveText(answer)
  await expect(page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: 'How are you?' })).toBeVisible()
})

test('an answer arrives in pieces while it is being written', async ({ page }) => {
  const lengths = await page.evaluate(async () => {
    const opened = await fetch('/api/write', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ opening: 'The man who lives in the house said that', drafts: 5, maxTokens: 512, temperature: 1.2 }),
    })
    const body: unknown = await opened.json()
    const id = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : ''
    return new Promise<string[]>((resolve) => {
      const types: string[] = []
      const source = new EventSource(`/api/generations/${id}/events?after=0`)
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const event: unknown = JSON.parse(data)
        if (typeof event !== 'object' || event === null || !('type' in event)) return
        types.push(String(event.type))
        if (event.type !== 'end') return
        source.close()
        resolve(types)
      }
    })
  })
  expect(lengths.filter((type) => type === 'chunk').length).toBeGreaterThan(1)
  expect(lengths.at(-1)).toBe('end')
})

test('a page that is reloaded, and a second one that joins, in mid-answer show the whole answer, each character once', async ({ page, context }) => {
  await page.getByLabel('Message', { exact: true }).fill('Tell me a joke')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
  const second = await context.newPage()
  await Promise.all([page.reload(), second.goto(page.url())])
  for (const view of [page, second]) await expect(view.locator('article[aria-label="Parley"]')).toHaveAttribute('data-status', 'done')
  const shown = await page.locator('[data-answer]').textContent()
  expect(shown?.trim()).not.toBe('')
  expect(await second.locator('[data-answer]').textContent()).toBe(shown)
  // What was pieced together is what is stored.
  await page.reload()
  await expect(page.locator('[data-answer]')).toHaveText(shown ?? '')
})

test('the answer goes on when the page is left', async ({ page }) => {
  await page.getByLabel('Message', { exact: true }).fill('What can you do?')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
  const address = page.url()
  await page.goto('about:blank')
  await page.goto(address)
  await expect(page.locator('article[aria-label="Parley"]')).toHaveAttribute('data-status', 'done')
  await expect(page.locator('[data-answer]')).not.toBeEmpty()
})

test('an answer is stopped, what was said stays, and the conversation goes on', async ({ page }) => {
  await ask(page, 'Hello')
  // The bundled model is done in a moment, so the question leaves the page only when the button was pressed. That a
  // stop in mid-answer keeps what was said, no more and no less, is proved beside the services.
  let press: () => void = () => undefined
  const pressed = new Promise<void>((resolve) => {
    press = resolve
  })
  await page.route('**/messages', async (route) => {
    await pressed
    await route.continue()
  })
  await page.getByLabel('Message', { exact: true }).fill('Tell me a joke')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).click()
  press()
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
  await expect(page.getByRole('article', { name: 'Parley' })).toHaveCount(2)
  const answer = page.getByRole('article', { name: 'Parley' }).last()
  await expect(answer).toHaveAttribute('data-status', /stopped|done/)
  const said = await answer.locator('[data-answer]').allTextContents()
  await page.reload()
  await expect.poll(() => answer.locator('[data-answer]').allTextContents()).toEqual(said)
  await page.unrouteAll()
  await ask(page, 'Hello')
})

test('a conversation goes on, is answered anew, renamed, searched for and deleted', async ({ page }) => {
  await ask(page, 'Hello')
  await ask(page, 'Are you a robot?')
  await expect(page.getByRole('article', { name: 'You' })).toHaveCount(2)

  await page.getByRole('button', { name: 'Answer again' }).click()
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible()
  await expect(page.getByRole('article', { name: 'Parley' })).toHaveCount(2)

  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('button', { name: 'Options of Hello' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByRole('dialog').getByLabel('Title').fill('Robots and I')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(list.getByRole('link', { name: 'Robots and I' })).toBeVisible()

  await page.getByLabel('Search conversations').fill('something else')
  await expect(list.getByText('No conversation has this in its title.')).toBeVisible()
  await page.getByLabel('Search conversations').fill('robots')
  await list.getByRole('button', { name: 'Options of Robots and I' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL('**/chat')
  await expect(page.getByRole('link', { name: 'Robots and I' })).toHaveCount(0)
})

test('Enter sends and Shift+Enter makes a new line; an empty message is not sent', async ({ page }) => {
  const field = page.getByLabel('Message', { exact: true })
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled()
  await field.fill('   ')
  await field.press('Enter')
  await expect(page).toHaveURL(/\/chat$/)
  await field.fill('Hello')
  await field.press('Shift+Enter')
  await field.pressSequentially('there')
  await expect(field).toHaveValue('Hello\nthere')
  await field.press('Enter')
  await expect(page.getByRole('article', { name: 'You' })).toHaveText('Hello\nthere')
})

test('a message that the server does not take is kept, with the reason beside it', async ({ page }) => {
  await page.route('**/api/conversations', (route) => route.abort())
  await page.getByLabel('Message', { exact: true }).fill('Do not lose me')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'could not be reached' })).toBeVisible()
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue('Do not lose me')
})

test("another organisation's conversation, and one that never was, are not found", async ({ page, browser }) => {
  await ask(page, 'How are you?')
  const address = page.url()
  const id = address.slice(address.lastIndexOf('/') + 1)
  const { context, page: other } = await stranger(browser)
  const foreign = await other.goto(address)
  expect(foreign?.status()).toBe(404)
  for (const target of [id, '00000000-0000-4000-8000-000000000000', 'not-an-id']) {
    for (const [method, path, data] of [
      ['GET', `/api/conversations/${target}`, undefined],
      ['PATCH', `/api/conversations/${target}`, { title: 'Mine now' }],
      ['DELETE', `/api/conversations/${target}`, undefined],
      ['POST', `/api/conversations/${target}/messages`, { content: 'Hello' }],
      ['POST', `/api/conversations/${target}/regenerate`, {}],
    ] as const) {
      const answer = await other.request.fetch(path, { method, ...(data === undefined ? {} : { data }) })
      expect(answer.status(), `${method} ${path}`).toBe(404)
    }
  }
  await context.close()
  await page.reload()
  await expect(page.locator('[data-answer]')).not.toBeEmpty()
})
