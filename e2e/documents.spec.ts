import { readFile } from 'node:fs/promises'

import { GlossaryEntries, Translator } from 'deepl-node'
import { unzipSync, strFromU8, strToU8, zipSync } from 'fflate'

import { createKey, expect, signedIn as test } from './fixtures'

/** Documents wait for their turn behind others', and sentences for the model. */
const TRANSLATED = { timeout: 60_000 }

const text = (name: string, content: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })

test('a document is uploaded, shows how far it is and comes back in its own format', async ({ page }) => {
  await page.goto('/translate/documents')
  await page.getByLabel('Choose files').setInputFiles([
    text('letter.md', '# My house\n\nI am **happy**, see [here](https://example.com/x).\n\n```\ndo not translate\n```\n'),
    text('strings.json', '{\n  "hello": "Hello {name}, I am your friend.",\n  "url": "https://example.com"\n}\n'),
  ])
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
  const fetched = async (name: string): Promise<{ suggested: string; content: string }> => {
    const started = page.waitForEvent('download', TRANSLATED)
    await row(name).getByRole('link', { name: `Download ${name}` }).click(TRANSLATED)
    const download = await started
    return { suggested: download.suggestedFilename(), content: await readFile(await download.path(), 'utf8') }
  }
  const letter = await fetched('letter.md')
  expect(letter.suggested).toBe('letter.fr.md')
  expect(letter.content).toMatch(/^# .+\n\n.*\*\*.+\*\*.*\(https:\/\/example\.com\/x\).*\n\n```\ndo not translate\n```\n$/u)
  expect(letter.content).not.toContain('happy')
  const strings = JSON.parse((await fetched('strings.json')).content) as Record<string, string> // its shape is the source's
  expect(Object.keys(strings)).toEqual(['hello', 'url'])
  expect(strings['hello']).toContain('{name}')
  expect(strings['url']).toBe('https://example.com')

  await page.reload()
  await row('strings.json').getByRole('button', { name: 'Delete strings.json' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(row('strings.json')).toHaveCount(0)
  await expect(row('letter.md')).toBeVisible()
})

test('a file that cannot be read says why', async ({ page }) => {
  await page.goto('/translate/documents')
  await page.getByLabel('Choose files').setInputFiles([text('broken.json', '{'), text('letter.txt', 'Hello.')])
  await expect(page.getByRole('alert').filter({ hasText: 'broken.json: The file is not valid JSON.' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Download letter.txt' })).toBeVisible(TRANSLATED)
})

test('a glossary is made from a file, edited and used for a text', async ({ page }) => {
  await page.goto('/translate/glossaries')
  await page.getByRole('button', { name: 'New glossary' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Import TSV or CSV').setInputFiles(text('terms.csv', 'dog,cabot\r\n"house",demeure\r\n'))
  await expect(dialog.getByText('2 terms from terms.csv')).toBeVisible()
  await expect(dialog.getByLabel('Name')).toHaveValue('terms')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await page.waitForURL(/\/translate\/glossaries\/.+/u)
  await page.getByRole('button', { name: 'Add term' }).click()
  await page.getByLabel('Term 1 in English').fill('dog')
  await page.getByLabel('Term 1 in French').fill('chien')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'stands in line 1 already' })).toBeVisible()
  await page.getByLabel('Term 1 in English').fill('doctor')
  await page.getByLabel('Term 1 in French').fill('praticien')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The glossary is saved.').first()).toBeVisible()

  await page.goto('/translate')
  await page.getByRole('combobox', { name: 'Glossary' }).click()
  await page.getByRole('option', { name: /^terms/u }).click()
  await expect(page.getByRole('combobox', { name: 'From' })).toHaveText('English')
  await page.getByLabel('Text to translate').fill('The house is empty.')
  const translation = page.locator('[data-translation]:not([data-stale])')
  await expect(translation).toHaveText('La demeure est vide.')

  await page.getByRole('button', { name: 'Improve this translation' }).click()
  await page.getByLabel('Your translation').fill('La demeure est déserte.')
  await page.getByRole('button', { name: 'Save correction' }).click()
  await expect(translation).toHaveText('La demeure est déserte.')
})

test("DeepL's own client translates a Word document with a glossary", async ({ page, baseURL }, testInfo) => {
  const client = new Translator(await createKey(page, 'Documents'), { serverUrl: baseURL ?? '', minTimeout: 30_000 })
  const paragraph = '<w:p><w:r><w:t xml:space="preserve">The </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>house</w:t></w:r><w:r><w:t xml:space="preserve"> is empty.</w:t></w:r></w:p>'
  const file = zipSync({
    '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    'word/document.xml': strToU8(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraph}</w:body></w:document>`),
  })
  const glossary = await client.createGlossary('Terms', 'en', 'fr', new GlossaryEntries({ entries: { house: 'demeure' } }))
  const handle = await client.uploadDocument(Buffer.from(file), 'en', 'fr', { filename: 'house.docx', glossary })
  const { status } = await client.isDocumentTranslationComplete(handle)
  expect(status.billedCharacters).toBe(19)
  const output = testInfo.outputPath('house.docx')
  await client.downloadDocument(handle, output)
  const xml = strFromU8(unzipSync(await readFile(output))['word/document.xml'] ?? new Uint8Array())
  expect(xml.replaceAll(/<[^>]*>/gu, '')).toBe('La demeure est vide.')
  expect(xml).toMatch(/<w:b\/><\/w:rPr><w:t[^>]*>demeure/u)
})
