import * as deepl from 'deepl-node'
import OpenAI from 'openai'

import { createdApiKey } from '@/lib/contract/browser'

import { createKey, expect, stranger, signedIn as test } from './fixtures'

function clients(baseURL: string | undefined, key: string): { openai: OpenAI; deepl: deepl.DeepLClient } {
  const url = baseURL ?? ''
  return {
    openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 }),
    deepl: new deepl.DeepLClient(key, { serverUrl: url, maxRetries: 0 }),
  }
}

test('a key made on the page chats and translates through the official clients, until it is revoked', async ({ page, baseURL }) => {
  const key = await createKey(page, 'Website')
  expect(key).toMatch(/^pk_/)
  const { openai, deepl: translator } = clients(baseURL, key)

  const models = await openai.models.list()
  const model = models.data[0]?.id ?? ''
  const answer = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'How are you?' }] })
  expect(answer.choices[0]?.message.content).not.toBe('')
  const pieces: string[] = []
  for await (const chunk of await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }], stream: true })) {
    pieces.push(chunk.choices[0]?.delta.content ?? '')
  }
  expect(pieces.join('')).not.toBe('')
  const { text, detectedSourceLang } = await translator.translateText('She is my sister.', null, 'fr')
  expect(text).toBe("C'est ma sœur.")
  expect(detectedSourceLang).toBe('en')

  await page.reload()
  const row = page.getByRole('list', { name: 'Keys' }).getByRole('listitem').filter({ hasText: 'Website' })
  await expect(row).toContainText('Last used')
  await row.getByRole('button', { name: 'Options of Website' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(row).toContainText('Revoked')

  await expect(openai.models.list()).rejects.toMatchObject({ status: 401 })
  await expect(translator.translateText('Hello.', null, 'fr')).rejects.toBeInstanceOf(deepl.AuthorizationError)
})

test('a key is shown once, named, renamed, and stored as a hash only', async ({ page }) => {
  await page.goto('/keys')
  await expect(page.getByRole('heading', { name: 'No keys yet' })).toBeVisible()
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByRole('dialog').getByText('Enter a name for the key.')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()

  const key = await createKey(page, 'First')
  const list = page.getByRole('list', { name: 'Keys' })
  await expect(list).toContainText('First')
  expect(await page.content()).not.toContain(key)

  await list.getByRole('button', { name: 'Options of First' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Second')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(list).toContainText('Second')
})

test('a key has an end and limits of its own, which can be changed', async ({ page, baseURL }) => {
  await page.goto('/keys')
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Limited')
  await dialog.getByRole('combobox', { name: 'Ends' }).click()
  await page.getByRole('option', { name: 'On a date' }).click()
  await dialog.getByLabel('Last day').fill('2020-01-01')
  await dialog.getByLabel('Requests a minute').fill('2')
  await dialog.getByLabel('Tokens a month').fill('12345')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await expect(dialog.getByText('Choose a date that is yet to come.')).toBeVisible()
  await dialog.getByLabel('Last day').fill('2099-12-31')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = (await dialog.locator('[data-new-key]').textContent()) ?? ''
  await dialog.getByRole('button', { name: 'I have copied it' }).click()

  const row = page.getByRole('list', { name: 'Keys' }).getByRole('listitem').filter({ hasText: 'Limited' })
  await expect(row).toContainText('Ends 31 Dec 2099')
  await expect(row).toContainText('2 requests a minute')
  await expect(row).toContainText('of 12,345 tokens this month')

  const { openai } = clients(baseURL, key)
  const { response } = await openai.models.list().withResponse()
  expect(response.headers.get('x-ratelimit-limit-requests')).toBe('2')
  await openai.models.list()
  await expect(openai.models.list()).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' })

  await row.getByRole('button', { name: 'Options of Limited' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await dialog.getByLabel('Requests a minute').fill('')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).not.toContainText('requests a minute')
  await expect(openai.models.list()).resolves.toBeDefined()
})

test('a rotated key goes on beside its successor until it is revoked', async ({ page, baseURL }) => {
  const old = await createKey(page, 'Rotated')
  const list = page.getByRole('list', { name: 'Keys' })
  await list.getByRole('button', { name: 'Options of Rotated' }).click()
  await page.getByRole('menuitem', { name: 'Rotate' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate key' }).click()
  const successor = (await page.getByRole('dialog').locator('[data-new-key]').textContent()) ?? ''
  await page.getByRole('dialog').getByRole('button', { name: 'I have copied it' }).click()
  const replaced = list.getByRole('listitem').filter({ hasText: 'Replaced' })
  await expect(replaced).toContainText('Ends')
  for (const key of [old, successor]) await expect(clients(baseURL, key).openai.models.list()).resolves.toBeDefined()

  await list.getByRole('button', { name: 'Options of Rotated, replaced' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(list.getByText('Revoked')).toBeVisible()
  await expect(clients(baseURL, old).openai.models.list()).rejects.toMatchObject({ status: 401 })
  await expect(clients(baseURL, successor).openai.models.list()).resolves.toBeDefined()
})

test('the quick start names this address', async ({ page, baseURL }) => {
  await page.goto('/keys')
  await expect(page.getByLabel('Example for curl')).toContainText(`${baseURL ?? ''}/v1/chat/completions`)
  await page.getByRole('tab', { name: 'deepl-node' }).click()
  await expect(page.getByLabel('Example for deepl-node')).toContainText(`serverUrl: '${baseURL ?? ''}'`)
})

test("another organisation's key is not found and goes on working", async ({ page, browser, baseURL }) => {
  const { context, page: other } = await stranger(browser)
  const made = createdApiKey.parse(await (await other.request.post('/api/keys', { data: { name: 'Theirs', scopes: ['chat'] } })).json())
  for (const id of [made.id, '00000000-0000-4000-8000-000000000000', 'not-an-id']) {
    expect((await page.request.delete(`/api/keys/${id}`)).status()).toBe(404)
    expect((await page.request.patch(`/api/keys/${id}`, { data: { name: 'Mine' } })).status()).toBe(404)
  }
  await expect(clients(baseURL, made.key).openai.models.list()).resolves.toBeDefined()
  await context.close()
})
