import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

import AxeBuilder from '@axe-core/playwright'

import { createKey, expect, signedIn, test } from './fixtures'

const EXAMPLES = path.resolve('docs/examples')

/** What each example must print, in whatever language it is written. */
const PRINTS: Record<string, RegExp> = {
  chat: /\S[^]*\btotal_tokens\b|\S[^]*\d+ tokens/,
  'chat-stream': /data: \[DONE\]|\d+ tokens/,
  completion: /\S/,
  'detect-language': /"?DE"?/,
  document: /sœur/,
  feedback: /ma sœur|C\\u2019est/,
  glossary: /frangine/,
  languages: /\bfr\b/i,
  'list-models': /parley-mini-0/,
  'retrieve-model': /parley-mini-0/,
  translate: /\ben\b[^]*sœur/i,
  'translation-usage': /\d/,
  usage: /"object": ?"usage"/,
}

const RUNNERS: Record<string, readonly string[]> = {
  '.sh': ['sh'],
  '.ts': [process.execPath, '--import', 'tsx'],
  '.py': ['python3'],
}

interface Run {
  code: number
  output: string
  errors: string
}

function run(file: string, env: Record<string, string>): Promise<Run> {
  const [command = '', ...args] = RUNNERS[path.extname(file)] ?? []
  return new Promise((resolve) => {
    const options = { env: { ...process.env, PYTHONIOENCODING: 'utf-8', ...env }, timeout: 100_000 }
    execFile(command, [...args, path.join(EXAMPLES, file)], options, (error, output, errors) => {
      const missing = error !== null && error.code === 'ENOENT' ? `${command} is not installed on this machine, and this example needs it. ` : ''
      resolve({ code: error === null ? 0 : 1, output, errors: missing + errors + (error?.message ?? '') })
    })
  })
}

/** Several at a time: most of each is the start of a program. */
const AT_A_TIME = 4

signedIn.describe('the examples of the documentation', () => {
  signedIn('work as they stand, in every language', async ({ page, baseURL }) => {
    const key = await createKey(page, 'Examples')
    const files = (await readdir(EXAMPLES)).sort()
    const names = [...new Set(files.map((file) => path.basename(file, path.extname(file))))].sort()
    expect(names).toEqual(Object.keys(PRINTS).sort())
    expect(files).toEqual(names.flatMap((name) => Object.keys(RUNNERS).map((extension) => name + extension)).sort())
    const waiting = [...files]
    const work = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        const { code, output, errors } = await run(file, { PARLEY_URL: baseURL ?? '', PARLEY_KEY: key })
        expect.soft(code, `${file}: ${errors}`).toBe(0)
        expect.soft(output, file).toMatch(PRINTS[path.basename(file, path.extname(file))] ?? /^$/)
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, work))
  })
})

test.describe('the documentation', () => {
  test('is open to anybody, shows the examples as they are run, and finds what is looked for', async ({ browser, baseURL }) => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...(baseURL === undefined ? {} : { baseURL }) })
    const page = await context.newPage()
    await page.goto('/docs')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The API')
    const chat = page.getByRole('region', { name: 'Answer a conversation' })
    await expect(chat).toContainText('/v1/chat/completions')
    await expect(chat.getByRole('row', { name: /temperature/ })).toContainText('0 to 2')
    const shown = await chat.getByLabel('Example for curl').first().textContent()
    expect(shown?.trim()).toBe((await readFile(path.join(EXAMPLES, 'chat.sh'), 'utf8')).trim())

    await page.getByRole('searchbox', { name: 'Search' }).fill('glossary term')
    const navigation = page.getByRole('navigation', { name: 'Documentation' })
    await expect(navigation.getByRole('link', { name: 'Translate texts' })).toBeHidden()
    await navigation.getByRole('link', { name: /Retrieve a glossary’s terms/ }).click()
    await expect(page).toHaveURL(/#getGlossaryEntries$/)

    // A choice of language holds for the whole page.
    await page.getByRole('tab', { name: 'Python' }).first().click()
    await expect(chat.getByLabel('Example for Python').first()).toBeVisible()
    await chat.getByRole('button', { name: 'Copy example' }).first().click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe((await readFile(path.join(EXAMPLES, 'chat.py'), 'utf8')).trim())
    await context.close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`is accessible and fits a phone, ${colorScheme}`, async ({ browser, baseURL }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 }, ...(baseURL === undefined ? {} : { baseURL }) })
      const page = await context.newPage()
      await page.goto('/docs')
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
      await context.close()
    })
  }

  test('is described for programs at /openapi.json', async ({ request }) => {
    const response = await request.get('/openapi.json')
    expect(response.status()).toBe(200)
    expect(await response.json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), paths: { '/v1/chat/completions': { post: { operationId: 'createChatCompletion' } } } })
  })
})
