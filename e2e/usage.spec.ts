import * as deepl from 'deepl-node'
import OpenAI from 'openai'

import { ask, createKey, expect, signedIn as test } from './fixtures'

test('the usage page shows exactly what the API said was used', async ({ page, baseURL }) => {
  const key = await createKey(page, 'Counter')
  const openai = new OpenAI({ baseURL: `${baseURL ?? ''}/v1`, apiKey: key, maxRetries: 0 })
  const translator = new deepl.DeepLClient(key, { serverUrl: baseURL ?? '', maxRetries: 0 })
  const model = (await openai.models.list()).data[0]?.id ?? ''

  let tokens = 0
  for (const content of ['How are you?', 'Tell me a joke']) {
    const { usage } = await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    tokens += usage?.total_tokens ?? 0
  }
  const { usage } = await openai.completions.create({ model, prompt: 'I think that', n: 3, max_tokens: 12 })
  tokens += usage?.total_tokens ?? 0
  expect(tokens).toBeGreaterThan(0)

  await page.goto('/usage')
  const used = (title: string) => page.getByRole('region', { name: title, exact: true }).locator('[data-used]')
  await expect(used('Tokens')).toHaveAttribute('data-used', String(tokens))
  await expect(used('Characters')).toHaveAttribute('data-used', '0')

  const text = 'I am happy. Ça va ? 😀'
  await translator.translateText(text, 'en', 'fr')
  await page.reload()
  await expect(used('Characters')).toHaveAttribute('data-used', String(Array.from(text).length))
  const byKey = page.getByRole('region', { name: 'Usage by key' })
  await expect(byKey.getByRole('row', { name: /^Counter/ })).toBeVisible()
})

test('what is done in the browser counts as well, by feature', async ({ page }) => {
  await page.goto('/usage')
  await expect(page.getByText('Nothing was used in this time.').first()).toBeVisible()
  await page.goto('/chat')
  await ask(page, 'How are you?')
  await page.goto('/usage')
  const byFeature = page.getByRole('region', { name: 'Usage by feature' })
  await expect(byFeature.getByRole('row', { name: /^Chat 1 / })).toBeVisible()
  await page.getByText('Show as a table').click()
  await expect(page.getByRole('figure', { name: 'Tokens by day' }).getByRole('row')).not.toHaveCount(0)
})
