import { createKey, expect, stranger, test } from './fixtures'
import { createOperator, enrol } from './operator'

test.describe.configure({ timeout: 240_000 })

test('an operator turns a feature off for everybody, and on again', async ({ page, browser }) => {
  await enrol(page, await createOperator())
  await page.goto('/admin/switches')
  const documents = page.getByRole('switch', { name: 'Documents' })
  await documents.click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).click()
  await expect(documents).not.toBeChecked()
  await page.goto('/admin')
  await expect(page.getByText('Turned off for everybody: documents.')).toBeVisible()
  const tenant = await stranger(browser)
  const key = await createKey(tenant.page, 'Website')
  const upload = { multipart: { target_lang: 'FR', file: { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('Hello.') } }, headers: { authorization: `DeepL-Auth-Key ${key}` } }
  const refused = await tenant.page.request.post('/v2/document', upload)
  expect(refused.status()).toBe(403)
  expect(await refused.text()).toContain('turned off')
  await page.goto('/admin/switches')
  await documents.click()
  await expect(documents).toBeChecked()
  await expect.poll(async () => (await tenant.page.request.post('/v2/document', upload)).status()).toBe(200)
  await tenant.context.close()
})
