import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AuthorizationError, GlossaryEntries, GlossaryNotFoundError, QuotaExceededError, Translator, type DocumentHandle } from 'deepl-node'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentWorker } from '@/app/_server/document-worker'
import { documentStatusResponse } from '@/lib/contract/deepl-documents'
import { detectResponse, feedbackList, feedbackObject } from '@/lib/contract/deepl-feedback'
import { glossaryList, glossaryObject } from '@/lib/contract/deepl-glossaries'
import { useDatabase } from '@/lib/db/testing/database'
import { monthBalance } from '@/lib/db/ledger'
import { DOCUMENT_FORMATS, isDocumentFormat, type DocumentFormatName } from '@/lib/domain/document-formats/formats'
import { placeholdersIn } from '@/lib/domain/document-formats/placeholders'
import { SAMPLES } from '@/lib/domain/document-formats/testing/samples'
import { checkTerms, termFinder } from '@/lib/domain/glossary-terms'
import { eventsOf, makeKey, useWorker, type TestTenant } from '@/lib/http/testing/api-client'
import { makeDataFolder, removeFolder, ServeProcess } from '@/workers/testing/serve-process'
import { startRouteServer, type RouteServer } from '../testing/route-server'
import * as detection from './detect-language/route'
import * as document from './document/[id]/route'
import * as result from './document/[id]/result/route'
import * as documents from './document/route'
import * as feedback from './feedback/route'
import * as entries from './glossaries/[id]/entries/route'
import * as glossary from './glossaries/[id]/route'
import * as glossaries from './glossaries/route'
import * as pairs from './glossary-language-pairs/route'
import * as translate from './translate/route'

useDatabase()

const TOKEN = 'a-token-for-tests'
const dataDir = makeDataFolder()
let folder: string
let worker: ServeProcess
let server: RouteServer
let tenant: TestTenant
let client: Translator

beforeAll(async () => {
  worker = await ServeProcess.start({ PARLEY_BACKEND: 'wasm', PARLEY_DATA: dataDir, WORKER_TOKEN: TOKEN })
  useWorker({ WORKER_URL: worker.url, WORKER_TOKEN: TOKEN, PARLEY_DATA: dataDir })
  server = await startRouteServer({
    '/v2/translate': translate,
    '/v2/glossaries': glossaries,
    '/v2/glossaries/[id]': glossary,
    '/v2/glossaries/[id]/entries': entries,
    '/v2/glossary-language-pairs': pairs,
    '/v2/document': documents,
    '/v2/document/[id]': document,
    '/v2/document/[id]/result': result,
    '/v2/feedback': feedback,
    '/v2/detect-language': detection,
  })
  tenant = await makeKey()
  client = clientOf(tenant.key)
  folder = await mkdtemp(path.join(tmpdir(), 'parley-documents-'))
})
afterAll(async () => {
  await documentWorker().stop()
  globalThis.parleyDocumentWorker = undefined
  await Promise.all([server.close(), worker.stop(), rm(folder, { recursive: true })])
  removeFolder(dataDir)
})

const clientOf = (key: string) => new Translator(key, { serverUrl: server.url, maxRetries: 0 })

async function call(pathname: string, init: RequestInit = {}, key = tenant.key): Promise<Response> {
  return fetch(`${server.url}${pathname}`, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `DeepL-Auth-Key ${key}` } })
}
const json = (body: object): RequestInit => ({ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

/** As the client waits, but without its five seconds between two looks. */
async function finished(deepl: Translator, handle: DocumentHandle) {
  for (;;) {
    const status = await deepl.getDocumentStatus(handle)
    if (status.done() || !status.ok()) return status
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('glossaries', () => {
  const TERMS = { house: 'demeure', dog: 'Zentrix', doctor: 'praticien', 'good morning': 'salutations' }

  test('are made, listed, read and deleted as the client expects', async () => {
    const made = await client.createGlossary('Terms', 'en', 'fr', new GlossaryEntries({ entries: TERMS }))
    expect(made).toMatchObject({ name: 'Terms', ready: true, sourceLang: 'en', targetLang: 'fr', entryCount: 4 })
    expect(Math.abs(made.creationTime.getTime() - Date.now())).toBeLessThan(60_000)
    expect(await client.getGlossary(made.glossaryId)).toEqual(made)
    expect((await client.getGlossaryEntries(made)).entries()).toEqual(TERMS)
    glossaryObject.parse(await (await call(`/v2/glossaries/${made.glossaryId}`)).json())
    const csv = await client.createGlossaryWithCsv('From CSV', 'fr', 'en', Buffer.from('"a, b",c\r\nd,e,fr,en\r\n'))
    expect((await client.getGlossaryEntries(csv)).entries()).toEqual({ 'a, b': 'c', d: 'e' })
    expect((await client.listGlossaries()).map(({ name }) => name)).toEqual(['From CSV', 'Terms'])
    glossaryList.parse(await (await call('/v2/glossaries')).json())
    expect(await client.getGlossaryLanguagePairs()).toEqual([{ sourceLang: 'en', targetLang: 'fr' }, { sourceLang: 'fr', targetLang: 'en' }])
    await client.deleteGlossary(csv)
    await expect(client.getGlossary(csv.glossaryId)).rejects.toThrow(GlossaryNotFoundError)
  })

  test("another tenant's, a missing and a malformed one are not found alike", async () => {
    const stranger = clientOf((await makeKey()).key)
    const { glossaryId } = await client.createGlossary('Mine', 'en', 'fr', new GlossaryEntries({ entries: TERMS }))
    for (const id of [glossaryId, crypto.randomUUID(), 'nonsense']) {
      await expect(stranger.getGlossary(id)).rejects.toThrow(GlossaryNotFoundError)
      await expect(stranger.getGlossaryEntries(id)).rejects.toThrow(GlossaryNotFoundError)
      await expect(stranger.deleteGlossary(id)).rejects.toThrow(GlossaryNotFoundError)
      await expect(stranger.translateText('A dog.', 'en', 'fr', { glossary: id })).rejects.toThrow(/Not found/u)
      await expect(stranger.uploadDocument(Buffer.from('A dog.'), 'en', 'fr', { filename: 'a.txt', glossary: id })).rejects.toThrow(/Not found/u)
    }
    expect((await client.getGlossary(glossaryId)).name).toBe('Mine')
  })

  test('every term of every sentence is in its translation, and what found no place is said', async () => {
    const { glossaryId } = await client.createGlossary('Terms', 'en', 'fr', new GlossaryEntries({ entries: TERMS }))
    const texts = ['The house is empty.', 'I saw a dog in the house, and a doctor.', 'Good morning, doctor.', 'My father bought this house.', '<p>This <b>dog</b> is big.</p>', 'It rains.']
    const response = await call('/v2/translate', json({ text: texts, source_lang: 'EN', target_lang: 'FR', glossary_id: glossaryId, tag_handling: 'html' }))
    const { translations } = translateShape(await response.json())
    const finder = termFinder(Object.entries(TERMS).map(([source, target]) => ({ source, target })))
    const inserted = translations.map(({ text, parley_glossary_inserted: own = [] }, index) => {
      const plain = text.replaceAll(/<[^>]*>/gu, '')
      expect(checkTerms(finder.find(texts[index] ?? ''), plain).missing, text).toEqual([])
      for (const { target } of own) expect(text).toContain(`(${target})`)
      return own.length
    })
    expect(translations[0]?.text).toBe('La demeure est vide.')
    expect(translations[4]?.text).toContain('<b>Zentrix</b>')
    expect(response.headers.get('x-parley-glossary-inserted')).toBe(inserted.some((count) => count > 0) ? String(inserted.reduce((a, b) => a + b, 0)) : null)
    expect((await client.translateText('The house is empty.', 'en', 'fr', { glossary: glossaryId })).text).toBe('La demeure est vide.')
  })

  test.each<[string, Record<string, string>]>([
    ['no entries', { entries: '' }],
    ['a term twice', { entries: 'a\tb\na\tc' }],
    ['no tab', { entries: 'a b' }],
    ['an empty name', { name: ' ' }],
    ['an unknown format', { entries_format: 'xlsx' }],
    ['a pair that the model does not translate', { target_lang: 'de' }],
  ])('%s is refused', async (_, change) => {
    const response = await call('/v2/glossaries', json({ name: 'n', source_lang: 'en', target_lang: 'fr', entries: 'a\tb', entries_format: 'tsv', ...change }))
    expect(response.status).toBe(400)
  })

  test('one of another pair, and one without a source language, are refused', async () => {
    const { glossaryId: glossary_id } = await client.createGlossary('Terms', 'en', 'fr', new GlossaryEntries({ entries: TERMS }))
    expect((await call('/v2/translate', json({ text: 'Un chien.', source_lang: 'FR', target_lang: 'EN-US', glossary_id }))).status).toBe(400)
    expect((await call('/v2/translate', json({ text: 'A dog.', target_lang: 'FR', glossary_id }))).status).toBe(400)
    const form = new FormData()
    for (const [field, value] of Object.entries({ target_lang: 'FR', glossary_id })) form.append(field, value)
    form.append('file', new File(['A dog.'], 'a.txt'))
    expect((await call('/v2/document', { method: 'POST', body: form })).status).toBe(400)
  })
})

function translateShape(value: unknown) {
  return value as { translations: { text: string; parley_glossary_inserted?: { source: string; target: string }[] }[] } // parsed by its schema in the route's own test
}

describe('documents', () => {
  test.each(Object.keys(DOCUMENT_FORMATS).filter(isDocumentFormat))('%s comes back in its own format, once billed', async (format) => {
    const own = await makeKey()
    const deepl = clientOf(own.key)
    const { extensions } = DOCUMENT_FORMATS[format]
    const source = path.join(folder, `in.${extensions[0] ?? ''}`)
    const target = path.join(folder, `out.${extensions[0] ?? ''}`)
    await writeFile(source, SAMPLES[format])
    const handle = await deepl.uploadDocument(source, null, 'fr')
    const status = await finished(deepl, handle)
    expect(status.errorMessage).toBeUndefined()
    await deepl.downloadDocument(handle, target)
    expectTranslated(format, await readFile(source), await readFile(target))
    const [event, ...others] = await eventsOf(own.orgId)
    expect(others).toEqual([])
    expect(event).toMatchObject({ feature: 'translate', characters: status.billedCharacters })
    expect(await monthBalance(own.orgId)).toMatchObject({ characters: { used: status.billedCharacters, held: 0 }, tokens: { held: 0 } })
  })

  test('a glossary holds in a document too', async () => {
    const { glossaryId } = await client.createGlossary('Terms', 'en', 'fr', new GlossaryEntries({ entries: { house: 'demeure' } }))
    const handle = await client.uploadDocument(Buffer.from('The house is empty.\n'), 'en', 'fr', { filename: 'a.txt', glossary: glossaryId })
    expect((await finished(client, handle)).ok()).toBe(true)
    const file = path.join(folder, 'with-glossary.txt')
    await client.downloadDocument(handle, file)
    expect(await readFile(file, 'utf8')).toBe('La demeure est vide.\n')
  })

  test('only the key of a document opens it, within its tenant', async () => {
    const handle = await client.uploadDocument(Buffer.from('Hello.'), 'en', 'fr', { filename: 'a.txt' })
    const other = await client.uploadDocument(Buffer.from('Hello.'), 'en', 'fr', { filename: 'b.txt' })
    await Promise.all([finished(client, handle), finished(client, other)])
    const stranger = clientOf((await makeKey()).key)
    const wrong = [{ ...handle, documentKey: other.documentKey }, { ...handle, documentId: other.documentId }, { ...handle, documentId: 'nonsense' }]
    for (const one of wrong) await expect(client.getDocumentStatus(one)).rejects.toThrow(/Not found/u)
    await expect(stranger.getDocumentStatus(handle)).rejects.toThrow(/Not found/u)
    const byGet = await call(`/v2/document/${handle.documentId}?document_key=${handle.documentKey}`)
    expect(documentStatusResponse.parse(await byGet.json())).toMatchObject({ document_id: handle.documentId, status: 'done', billed_characters: 6 })
    expect((await call(`/v2/document/${handle.documentId}/result`, json({ document_key: other.documentKey }))).status).toBe(404)
    expect((await call(`/v2/document/${handle.documentId}/result`, json({ document_key: handle.documentKey }))).headers.get('content-disposition')).toContain('a.fr.txt')
  })

  test('the quota is held at the upload, and a refused one leaves nothing', async () => {
    const poor = await makeKey({ characterQuota: 5 })
    await expect(clientOf(poor.key).uploadDocument(Buffer.from('Hello.'), 'en', 'fr', { filename: 'a.txt' })).rejects.toThrow(QuotaExceededError)
    expect(await eventsOf(poor.orgId)).toEqual([])
    await expect(clientOf('nonsense').uploadDocument(Buffer.from('Hello.'), 'en', 'fr', { filename: 'a.txt' })).rejects.toThrow(AuthorizationError)
  })

  test.each<[string, string, string, Record<string, string>, number]>([
    ['an unknown format', 'a.pdf', 'Hello.', {}, 400],
    ['a file that is not what its name says', 'a.json', '{', {}, 400],
    ['another output format', 'a.txt', 'Hello.', { output_format: 'pdf' }, 400],
    ['a language that the model does not know', 'a.txt', 'Hello.', { target_lang: 'DE' }, 400],
    ['no file', '', '', {}, 400],
    ['a file over the limit', 'a.txt', 'a'.repeat(2 * 1024 * 1024 + 70_000), {}, 413],
  ])('%s is refused', async (_, name, content, change, status) => {
    const form = new FormData()
    for (const [field, value] of Object.entries({ source_lang: 'EN', target_lang: 'FR', ...change })) form.append(field, value)
    if (name !== '') form.append('file', new File([content], name))
    expect((await call('/v2/document', { method: 'POST', body: form })).status).toBe(status)
  })

  test('one in the target language already comes back as it was', async () => {
    const text = 'Bonjour mon ami, comment allez-vous aujourd’hui ? Je suis très content.\n'
    const handle = await client.uploadDocument(Buffer.from(text), null, 'fr', { filename: 'a.txt' })
    expect((await finished(client, handle)).ok()).toBe(true)
    const file = path.join(folder, 'same.txt')
    await client.downloadDocument(handle, file)
    expect(await readFile(file, 'utf8')).toBe(text)
  })
})

function expectTranslated(format: DocumentFormatName, before: Buffer, after: Buffer): void {
  expect(after.equals(before), format).toBe(false)
  if (format === 'docx') {
    const files = unzipSync(after)
    expect(Object.keys(files)).toEqual(Object.keys(unzipSync(before)))
    expect(strFromU8(files['word/document.xml'] ?? new Uint8Array())).not.toContain('Good morning')
    return
  }
  const [source, text] = [before.toString('utf8'), after.toString('utf8')]
  expect(text).not.toContain('Good morning')
  if (format === 'srt') expect(text.match(/^.*-->.*$/gmu)).toEqual(source.match(/^.*-->.*$/gmu))
  if (format === 'json') expect(placeholdersIn(Object.values(JSON.parse(text) as object).join('\n'))).toEqual(expect.arrayContaining(['{{ name }}']))
  if (format === 'po') expect(text).toMatch(/msgstr ".*%s.*%1\$d.*"/u)
  if (format === 'xliff') expect(text).toMatch(/<target state="needs-review-translation">.*<g id="1">.*<\/g>.*<x id="2"\/>.*<\/target>/u)
  if (format === 'md' || format === 'html') expect(text).toMatch(/do not translate|keep me/u)
}

test('corrections are kept for their tenant, and listed page by page', async () => {
  const own = await makeKey()
  const body = { source: 'Hello.', source_lang: 'EN', target_lang: 'FR', translation: 'Allô.', correction: 'Bonjour.', rating: 2, comment: 'Too short' }
  const made = feedbackObject.parse(await (await call('/v2/feedback', json(body), own.key)).json())
  await call('/v2/feedback', json({ ...body, correction: 'Salut.' }), own.key)
  expect(made).toMatchObject({ source_lang: 'EN', target_lang: 'FR', translation: 'Allô.', correction: 'Bonjour.', rating: 2, status: 'open' })
  const first = feedbackList.parse(await (await call('/v2/feedback?limit=1', {}, own.key)).json())
  expect([first.has_more, first.feedback[0]?.correction]).toEqual([true, 'Salut.'])
  const second = feedbackList.parse(await (await call(`/v2/feedback?limit=1&after=${first.feedback[0]?.feedback_id ?? ''}`, {}, own.key)).json())
  expect([second.has_more, second.feedback[0]?.feedback_id]).toEqual([false, made.feedback_id])
  expect(feedbackList.parse(await (await call('/v2/feedback')).json()).feedback).toEqual([])
  expect((await call('/v2/feedback', json({ ...body, correction: ' ' }), own.key)).status).toBe(400)
})

test('languages are told with a confidence', async () => {
  const texts = ['Where is the train station, please?', 'Où est la gare, s’il vous plaît ?', '我喜欢你', 'ok']
  const { detections } = detectResponse.parse(await (await call('/v2/detect-language', json({ text: texts }))).json())
  expect(detections.slice(0, 3).map(({ language }) => language)).toEqual(['EN', 'FR', 'ZH'])
  expect(detections.slice(0, 3).every(({ confidence }) => confidence > 0.9)).toBe(true)
  expect(detections[3]?.confidence).toBeLessThan(0.7)
  expect(detections[0]?.alternatives).toHaveLength(3)
})
