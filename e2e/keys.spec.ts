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
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Second')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(list).toContainText('Second')
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
