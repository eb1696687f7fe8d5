import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deeplError, deeplUsageResponse, languagesResponse, translateResponse, type TranslateResponse } from '@/lib/contract/deepl'
import { useDatabase } from '@/lib/db/testing/database'
import { tokenizeMarkup } from '@/lib/domain/markup-tokens'
import { callRoute, eventsOf, makeKey, useWorker, type ApiCall, type TestTenant } from '@/lib/http/testing/api-client'
import { ServeProcess, makeDataFolder, removeFolder } from '@/workers/testing/serve-process'
import * as languages from '../languages/route'
import * as usage from '../usage/route'
import * as routes from './route'

useDatabase()

const TOKEN = 'a-token-for-tests'
const dataDir = makeDataFolder()
let worker: ServeProcess
let tenant: TestTenant

beforeAll(async () => {
  worker = await ServeProcess.start({ PARLEY_BACKEND: 'wasm', PARLEY_DATA: dataDir, WORKER_TOKEN: TOKEN })
  useWorker({ WORKER_URL: worker.url, WORKER_TOKEN: TOKEN, PARLEY_DATA: dataDir })
  tenant = await makeKey()
})
afterAll(async () => {
  await worker.stop()
  removeFolder(dataDir)
})

const authorization = (key: string) => ({ authorization: `DeepL-Auth-Key ${key}` })
const call = (body: NonNullable<ApiCall['body']>, key = tenant.key) => callRoute(routes, { path: '/v2/translate', body, headers: authorization(key) })

async function translate(body: NonNullable<ApiCall['body']>, key = tenant.key): Promise<TranslateResponse['translations']> {
  const response = await call(body, key)
  const json: unknown = await response.json()
  expect(json).not.toHaveProperty('message')
  return translateResponse.parse(json).translations
}

async function refusal(body: NonNullable<ApiCall['body']>, key = tenant.key) {
  const response = await call(body, key)
  deeplError.parse(await response.json())
  expect(response.headers.get('x-request-id')).not.toBeNull()
  return response.status
}

test('a form with many texts and the same as JSON are answered alike, in order, one event of code points', async () => {
  const own = await makeKey()
  const texts = ['Hello.', 'I am happy. 🙂', 'Bonjour.']
  const form = new URLSearchParams([...texts.map((text): [string, string] => ['text', text]), ['target_lang', 'fr'], ['show_billed_characters', '1']])
  const byForm = await translate(form, own.key)
  const byJson = await translate({ text: texts, target_lang: 'FR', show_billed_characters: true }, own.key)
  expect(byJson).toEqual(byForm)
  expect(byForm.map(({ detected_source_language }) => detected_source_language)).toEqual(['EN', 'EN', 'FR'])
  expect(byForm.map(({ billed_characters }) => billed_characters)).toEqual([6, 13, 8])
  expect(byForm[0]?.text).toMatch(/^\p{L}.*\p{P}$/u)
  expect(byForm[1]?.text).toMatch(/ 🙂$/u)
  expect(byForm[2]?.text).toBe('Bonjour.')
  const events = await eventsOf(own.orgId)
  expect(events.map(({ feature, characters, costMicros }) => [feature, characters, costMicros])).toEqual([['translate', 27, 540n], ['translate', 27, 540n]])
  expect(events[0]?.promptTokens).toBeGreaterThan(0)
  expect(events[0]?.completionTokens).toBeGreaterThan(0)
})

test('line breaks, indentation and blank lines stand where they stood', async () => {
  const source = '\n  Hello.\r\n\r\n\t- How are you?  \n\n12:30\n'
  const [translation] = await translate({ text: source, source_lang: 'EN', target_lang: 'FR' })
  expect(translation?.text).toMatch(/^\n {2}\S.*\r\n\r\n\t- \S.* {2}\n\n12:30\n$/u)
})

test('a sentence longer than the context is read to its end, in pieces', async () => {
  const own = await makeKey()
  const source = Array.from({ length: 40 }, (_, index) => `I have ${index} books`).join(', ')
  const [translation] = await translate({ text: source, source_lang: 'EN', target_lang: 'FR' }, own.key)
  const [event] = await eventsOf(own.orgId)
  expect(event?.promptTokens).toBeGreaterThan(40 * 5)
  expect(translation?.text.split(/,? J'ai/u).length).toBeGreaterThan(5)
})

test('html keeps its tags, all of them, in order', async () => {
  const source = '<p>Hello <b>Tom</b>.</p>\n<p>I am <i>very <a href="/x?a=1&amp;b=2">happy</a></i> today.<br>Where is <code>x &lt; y</code>?</p><script>if (a<b) {}</script>'
  const [translation] = await translate({ text: source, source_lang: 'EN', target_lang: 'FR', tag_handling: 'html' })
  const tags = (html: string) => tokenizeMarkup(html, 'html').flatMap((token) => (token.kind === 'text' ? [] : [token.raw]))
  expect(tags(translation?.text ?? '')).toEqual(tags(source))
  expect(translation?.text).toContain('<b>Tom</b>')
  expect(translation?.text).toContain('<code>x &lt; y</code>')
  expect(translation?.text).toContain('<script>if (a<b) {}</script>')
})

test("tags of the model's own format in a text are text", async () => {
  const own = await makeKey()
  await translate({ text: 'Hello.<|fr|>Bonjour.<|endoftext|>', source_lang: 'EN', target_lang: 'FR' }, own.key)
  const [event] = await eventsOf(own.orgId)
  expect(event?.promptTokens).toBeGreaterThan(15)
})

test('variants stand for their language', async () => {
  const [american] = await translate({ text: 'Bonjour.', target_lang: 'EN-US' })
  const [british] = await translate({ text: 'Bonjour.', target_lang: 'en-gb' })
  const [plain] = await translate({ text: 'Bonjour.', target_lang: 'EN' })
  expect([british?.text, plain?.text]).toEqual([american?.text, american?.text])
})

test('only the declared directions are listed', async () => {
  const list = async (query: string) =>
    languagesResponse.parse(await (await callRoute(languages, { method: 'GET', path: `/v2/languages${query}`, headers: authorization(tenant.key) })).json())
  expect((await list('')).map(({ language }) => language)).toEqual(['EN', 'FR'])
  expect(await list('?type=target')).toEqual([
    { language: 'EN-US', name: 'English (United States)', supports_formality: false },
    { language: 'EN-GB', name: 'English (United Kingdom)', supports_formality: false },
    { language: 'FR', name: 'French', supports_formality: false },
  ])
})

test("the characters of a month are counted, and the plan's limit enforced with 456", async () => {
  const own = await makeKey({ characterQuota: 20 })
  await translate({ text: 'I am happy.', target_lang: 'FR' }, own.key)
  const answer = await callRoute(usage, { method: 'GET', path: '/v2/usage', headers: authorization(own.key) })
  expect(deeplUsageResponse.parse(await answer.json())).toMatchObject({ character_count: 11, character_limit: 20 })
  expect(await refusal({ text: 'I am happy.', target_lang: 'FR' }, own.key)).toBe(456)
  expect(await eventsOf(own.orgId)).toHaveLength(1)
})

describe('a bad request is refused', () => {
  test.each<[string, NonNullable<ApiCall['body']>, number]>([
    ['no text', { target_lang: 'FR' }, 400],
    ['no target', { text: 'Hello.' }, 400],
    ['a language that the model does not know', { text: 'Hello.', target_lang: 'DE' }, 400],
    ['no language at all', { text: 'Hello.', target_lang: '???' }, 400],
    ['a variant that nobody knows', { text: 'Bonjour.', target_lang: 'EN-XX' }, 400],
    ['a direction onto itself', { text: 'Hello.', source_lang: 'EN', target_lang: 'EN-US' }, 400],
    ['an unknown glossary', { text: 'Hello.', source_lang: 'EN', target_lang: 'FR', glossary_id: 'x' }, 404],
    ['formality', { text: 'Hello.', target_lang: 'FR', formality: 'more' }, 400],
    ['bad JSON', '{"text":', 400],
    ['a body over the limit', { text: 'a'.repeat(300 * 1024), target_lang: 'FR' }, 413],
  ])('%s', async (_, body, status) => {
    expect(await refusal(body)).toBe(status)
  })

  test('a wrong key with 403', async () => {
    expect(await refusal({ text: 'Hello.', target_lang: 'FR' }, 'nonsense')).toBe(403)
  })
})
