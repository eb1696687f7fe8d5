import { readFile } from 'node:fs/promises'

import OpenAI from 'openai'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'

import { ask, createKey, expect, signedIn as test } from './fixtures'
import type { Page } from '@playwright/test'

/** Clicks what saves a file, and reads the file. */
async function saved(page: Page, click: () => Promise<void>): Promise<Uint8Array> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()])
  return new Uint8Array(await readFile(await download.path()))
}

/** A decimal of currency units in micro-units; no amount here has more than six places. */
function micros(amount: string): number {
  return Math.round(Number(amount) * 1e6)
}

async function textOf(pdf: Uint8Array): Promise<string> {
  const document = await getDocument({ data: pdf, verbosity: 0 }).promise
  const pages = await Promise.all(Array.from({ length: document.numPages }, async (_, index) => (await document.getPage(index + 1)).getTextContent()))
  return pages.flatMap(({ items }) => items.map((item) => ('str' in item ? item.str : ''))).join(' ')
}

test('what key and member used stands on the usage page, in the download and in the statement, all with one sum', async ({ page, baseURL, person }) => {
  const key = await createKey(page, 'Robot')
  const openai = new OpenAI({ baseURL: `${baseURL ?? ''}/v1`, apiKey: key, maxRetries: 0 })
  const model = (await openai.models.list()).data[0]?.id ?? ''
  for (const content of ['How are you?', 'Tell me a joke']) await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] })
  await page.goto('/chat')
  await ask(page, 'How are you?')

  const usage = (await (await page.request.get('/v1/usage', { headers: { authorization: `Bearer ${key}` } })).json()) as { cost_micros: number } // by the contract
  expect(usage.cost_micros).toBeGreaterThan(0)

  await page.goto('/usage')
  const cost = page.getByRole('region', { name: 'Cost', exact: true }).locator('[data-used]')
  await expect(cost).toHaveAttribute('data-used', String(usage.cost_micros))
  const rowOf = (table: string, name: string) => page.getByRole('region', { name: `Usage by ${table}` }).getByRole('row', { name: new RegExp(`^${name} `) })
  await expect(rowOf('key', 'Robot 2')).toBeVisible()
  await expect(rowOf('key', 'In the browser 1')).toBeVisible()
  await expect(rowOf('member', `${person.name} 1`)).toBeVisible()
  await expect(rowOf('model', `${model} 3`)).toBeVisible()

  const download = (name: string) => async () => {
    await page.getByRole('button', { name: 'Download' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  const events = new TextDecoder().decode(await saved(page, download('Requests (CSV)'))).trimEnd().split('\n')
  expect(events.slice(1).reduce((sum, row) => sum + Number(row.split(',').at(-1)), 0)).toBe(usage.cost_micros)
  const lines = new TextDecoder().decode(await saved(page, download('Requests (JSON lines)'))).trimEnd().split('\n')
  expect(lines).toHaveLength(3)

  await page.goto('/settings/billing')
  await expect(page.getByText('Billing is by monthly statement.')).toBeVisible()
  const csv = new TextDecoder().decode(await saved(page, () => page.getByRole('link', { name: /as CSV$/ }).first().click())).trimEnd().split('\n')
  expect(micros(csv.at(-1)?.split(',').at(-2) ?? '')).toBe(usage.cost_micros)
  const text = await textOf(await saved(page, () => page.getByRole('link', { name: /as PDF$/ }).first().click()))
  expect(micros(/Total ([\d.]+) USD/.exec(text)?.[1] ?? '')).toBe(usage.cost_micros)
  expect(text).toContain(person.organization)
})

test('a budget that is used up refuses requests, and says so where they are made', async ({ page, baseURL }) => {
  const key = await createKey(page, 'Robot')
  const openai = new OpenAI({ baseURL: `${baseURL ?? ''}/v1`, apiKey: key, maxRetries: 0 })
  const model = (await openai.models.list()).data[0]?.id ?? ''
  const say = () => openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'How are you?' }] })
  await say()

  await page.goto('/usage')
  const budget = page.getByLabel(/^Budget a month/)
  await budget.fill('a lot')
  await page.getByRole('button', { name: 'Save budget' }).click()
  await expect(budget).toHaveAttribute('aria-invalid', 'true')
  await budget.fill('0.000001')
  await page.getByRole('button', { name: 'Save budget' }).click()
  await expect(page.getByText('The budget is saved.').first()).toBeVisible()
  await expect(page.getByText('Used up: requests are refused until the next month or a larger budget.')).toBeVisible()

  const refusal: unknown = await say().catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(OpenAI.APIError)
  expect(refusal).toMatchObject({ status: 429, code: 'insufficient_quota', message: expect.stringMatching(/budget/i) })
  await page.goto('/chat')
  await page.getByLabel('Message', { exact: true }).fill('How are you?')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /budget/i })).toBeVisible()

  await page.goto('/usage')
  await page.getByRole('radio', { name: 'Only tell us' }).click()
  await page.getByRole('button', { name: 'Save budget' }).click()
  await expect(page.getByText('Used up. Requests go on, as you chose.')).toBeVisible()
  expect((await say()).usage?.total_tokens).toBeGreaterThan(0)
})

test('the days shown can be chosen, and every chart has its numbers in words', async ({ page }) => {
  await page.goto('/usage')
  await page.getByRole('combobox', { name: 'Days shown' }).click()
  await page.getByRole('option', { name: 'Last 7 days' }).click()
  await expect(page).toHaveURL(/range=7d/)
  const chart = page.getByRole('figure', { name: 'Tokens by day' })
  await chart.getByText('Show as a table').click()
  await expect(chart.getByRole('row')).toHaveCount(8)
  await page.getByRole('radio', { name: 'Cost' }).click()
  await expect(page.getByRole('figure', { name: 'Cost by day' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Days shown' }).click()
  await page.getByRole('option', { name: 'Other days…' }).click()
  await page.getByLabel('From').fill('2026-01-01')
  await page.getByLabel('To', { exact: true }).fill('2026-01-31')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'January 2026' })).toBeVisible()
  await expect(page.getByText('Nothing was used in this time.').first()).toBeVisible()
})
