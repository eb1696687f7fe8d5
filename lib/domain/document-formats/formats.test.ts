import fc from 'fast-check'
import { unzipSync, zipSync, strFromU8 } from 'fflate'
import { po } from 'gettext-parser'
import { describe, expect, test } from 'vitest'
import { tokenizeMarkup } from '../markup-tokens'
import { segmentText } from '../sentence-segmentation'
import { DOCUMENT_FORMATS, DocumentError, formatOfName, isDocumentFormat, parseDocument, unchanged, type DocumentFormatName } from './formats'
import { placeholdersIn } from './placeholders'
import { makeWord, SAMPLES, XLIFF_2 } from './testing/samples'
import { translatableDocument } from './translatable-document'

const FORMATS = Object.keys(DOCUMENT_FORMATS).filter(isDocumentFormat)
const bytes = (content: string | Uint8Array) => (typeof content === 'string' ? Buffer.from(content) : content)
const text = (file: Uint8Array) => Buffer.from(file).toString('utf8')

async function translateWith(format: DocumentFormatName, content: string | Uint8Array, translate: (sentence: string) => string) {
  const document = await translatableDocument(parseDocument(format, bytes(content), { target: 'fr' }), (mode) => (block) => segmentText(block, 'en', mode))
  return { ...(await document.assemble(document.sentences.map(translate))), sentences: document.sentences, characters: document.characters }
}

const written = async (format: DocumentFormatName, content: string | Uint8Array, translate: (sentence: string) => string) => text((await translateWith(format, content, translate)).file)
const same = (sentence: string) => sentence
const loud = (sentence: string) => sentence.toUpperCase()
const backwards = (sentence: string) => sentence.split(' ').reverse().join(' ')
/** Fills the targets of what has none. */
const filled = (format: DocumentFormatName, content: string | Uint8Array) => unchanged(parseDocument(format, bytes(content), { target: 'fr' }))

describe.each(FORMATS)('%s', (format) => {
  const sample = SAMPLES[format]

  test('that nothing changes in comes back byte for byte', async () => {
    const first = filled(format, sample)
    if (format !== 'po' && format !== 'xliff') expect(Buffer.from(first).equals(bytes(sample))).toBe(true)
    expect(Buffer.from((await translateWith(format, sample, same)).file).equals(Buffer.from(first))).toBe(true)
    expect(Buffer.from(filled(format, first)).equals(Buffer.from(first))).toBe(true)
  })

  test('keeps every sentence, whatever becomes of it, and nothing else', async () => {
    const { sentences, left, characters } = await translateWith(format, sample, backwards)
    expect(left).toEqual([])
    expect(sentences.join('')).not.toMatch(/keep me|do not translate|raw html/u)
    expect(characters).toBeGreaterThanOrEqual(Array.from(sentences.join('')).length)
  })

  test('any bytes are a document or refused with a sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (random, ascii) => {
        const file = ascii ? random.map((byte) => byte % 128) : random
        try {
          expect(Buffer.from(filled(format, filled(format, file))).equals(Buffer.from(filled(format, file)))).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentError)
        }
      }),
    )
  })
})

test('a name tells the format', () => {
  expect(['a.TXT', 'b.md', 'c.htm', 'd.srt', 'e.docx', 'f.po', 'g.xlf', 'h.json', 'i.pdf', 'txt'].map(formatOfName)).toEqual(['txt', 'md', 'html', 'srt', 'docx', 'po', 'xliff', 'json', null, null])
})

test('text in UTF-16 stays so, and another encoding is refused', async () => {
  const file = Buffer.from('\ufeffHello.\r\n', 'utf16le')
  expect(Buffer.from((await translateWith('txt', file, loud)).file).toString('utf16le')).toBe('\ufeffHELLO.\r\n')
  expect(Buffer.from((await translateWith('txt', Buffer.from(file).swap16(), loud)).file).swap16().toString('utf16le')).toBe('\ufeffHELLO.\r\n')
  expect(() => filled('txt', new Uint8Array([72, 233, 33]))).toThrow(/UTF-8/u)
})

test('subtitles keep numbers, timings and tags; two lines stay two lines, and speakers apart', async () => {
  const output = await written('srt', SAMPLES.srt, loud)
  const frame = (cues: string) => cues.split('\r\n').filter((line) => /^\d+$|-->/u.test(line) || line === '')
  expect(frame(output)).toEqual(frame(String(SAMPLES.srt)))
  expect(output).toContain('\r\n<i>GOOD MORNING, MY FRIEND,</i>\r\nHOW ARE YOU TODAY?\r\n')
  expect(output).toContain('- WHERE IS TOM?\r\n- {\\an8}HE IS HERE.\r\n')
})

test('markdown keeps code, addresses, front matter and layout; emphasis goes along', async () => {
  const output = await written('md', SAMPLES.md, loud)
  for (const kept of ['title: Hello there', '`my code`', '(https://example.com "title")', '<https://example.com>', '"do not translate"', '<div>raw html</div>', '[name]', '[^1]', '| --- | ---: |', '![image](a.png)', '[x] DONE', '\n> A QUOTATION THAT GOES ON.']) {
    expect(output).toContain(kept)
  }
  expect(output).toContain('# THE *RED* HOUSE')
  expect(output).toContain('**VERY HAPPY**')
  expect(output).toContain('A BREAK  \nHERE. A \\* STAR & MORE.')
  expect(output).toContain('| A \\| BAR | 12 |')
  expect(await written('md', 'Hello there\n', () => '1. *a_b* _c_ [x] <b> # |')).toBe('1\\. \\*a_b\\* \\_c\\_ \\[x\\] \\<b> # |\n')
})

test('html keeps its tags', async () => {
  const tags = (html: string) => tokenizeMarkup(html, 'html').flatMap((token) => (token.kind === 'text' ? [] : [token.raw]))
  const output = await written('html', SAMPLES.html, backwards)
  expect(tags(output)).toEqual(tags(String(SAMPLES.html)))
  expect(output).toContain('<title>house My</title>')
})

test('a Word document keeps formatting, tables and everything that is no text', async () => {
  const files = unzipSync((await translateWith('docx', SAMPLES.docx, loud)).file)
  const before = unzipSync(bytes(SAMPLES.docx))
  expect(Object.keys(files)).toEqual(Object.keys(before))
  expect(files['word/media/image1.png']).toEqual(before['word/media/image1.png'])
  const xml = strFromU8(files['word/document.xml'] ?? new Uint8Array())
  expect(xml).toContain('<w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t xml:space="preserve">GOOD MORNING</w:t>')
  expect(xml).toContain('<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">VERY</w:t>')
  expect(xml).toContain('HAPPY &amp; WELL, ')
  expect(xml).toContain('<w:u/></w:rPr><w:t xml:space="preserve">TOM</w:t>')
  expect(xml).toContain('<w:br/><w:t xml:space="preserve">WHERE ARE YOU?</w:t>')
  expect(strFromU8(files['word/header1.xml'] ?? new Uint8Array())).toContain('MY HOUSE')
  const elements = (part: string) => tokenizeMarkup(part, 'xml').flatMap((token) => (token.kind === 'open' || token.kind === 'close' ? [`${token.kind} ${token.name}`] : []))
  expect(elements(xml)).toEqual(elements(strFromU8(before['word/document.xml'] ?? new Uint8Array())))
})

test('a document that unpacks to too much, or is none, is refused', () => {
  const bomb = zipSync({ 'word/document.xml': new Uint8Array(101 * 1024 * 1024) })
  expect(() => filled('docx', bomb)).toThrow(/too large/u)
  expect(() => filled('docx', zipSync({ 'a.txt': new Uint8Array(3) }))).toThrow(DocumentError)
})

test('a catalogue gets what it lacks, with its placeholders, and parses', async () => {
  const { msgid, ...other } = Object.fromEntries(Object.entries(po.parse(await written('po', SAMPLES.po, loud)).translations).flatMap(([context, list]) => Object.entries(list).map(([id, entry]) => [`${context}|${id}`, entry])))
  expect(msgid).toBeUndefined()
  expect(other['menu|Hello %s, you have %1$d "new" messages.\n']?.msgstr).toEqual(['HELLO %s, YOU HAVE %1$d "NEW" MESSAGES.\n'])
  expect(other['|%d house']?.msgstr).toEqual(['%d HOUSE', '%d HOUSES'])
  expect(other['|Done']?.msgstr).toEqual(['Fait'])
  expect(other['|A long text.']?.msgstr).toEqual(['A LONG TEXT.'])
  const output = await written('po', SAMPLES.po, loud)
  expect(output).not.toContain('fuzzy')
  expect(output).toContain('#~ msgid "Old"\n#~ msgstr "Vieux"\n')
})

test('XLIFF 1.2 and 2.0 get their targets, with inline tags and a state', async () => {
  const first = await written('xliff', SAMPLES.xliff, loud)
  expect(first).toContain('</source>\n    <target state="needs-review-translation">HELLO <g id="1">DEAR</g> FRIEND<x id="2"/> &amp; BROTHER {name}.</target>\n    <note>keep me</note>')
  expect(first).toContain('<target state="final">Fait</target>')
  expect(first).toContain('<target state="needs-review-translation">A HOUSE</target>')
  expect(first).toContain('<target state="needs-review-translation">A <bpt id="1">&lt;b&gt;</bpt>HOUSE<ept id="1">&lt;/b&gt;</ept></target>')
  expect(first).toContain('<source>keep me</source></trans-unit>')
  expect(first).toContain('target-language="fr"')
  const second = await written('xliff', XLIFF_2, loud)
  expect(second).toContain('<segment state="translated">\n    <source>Hello <pc id="1">dear</pc> friend<ph id="2"/>.</source>\n    <target>HELLO <pc id="1">DEAR</pc> FRIEND<ph id="2"/>.</target>')
  expect(second).toContain('<segment state="final"><source>Done</source><target>Fait</target></segment>')
  expect(second).toContain('trgLang="fr"')
})

test('JSON keeps keys, layout and placeholders', async () => {
  const output = await written('json', SAMPLES.json, loud)
  expect(output.replace(/"(?:[^"\\]|\\.)*"/gu, '""')).toBe(String(SAMPLES.json).replace(/"(?:[^"\\]|\\.)*"/gu, '""'))
  expect(JSON.parse(output)).toEqual({
    greeting: 'HELLO {{ name }}, YOU HAVE {count, plural, one {# message} other {# messages}}.',
    url: 'https://example.com/house',
    n: 1.5,
    list: ['A "RED" HOUSE\né'.replace('é', 'É'), '%s OF <b>%d</b> HOUSES', null],
    nested: { key: 'GOOD MORNING' },
  })
})

const words = fc.array(fc.constantFrom('hello', 'my', 'house', 'is', 'red.', 'Where', 'are', 'you?', '12', '"a"', 'é', '<', '&', '*x*', '[y]'), { minLength: 1, maxLength: 12 })
const holders = fc.array(fc.constantFrom('{name}', '{{ a.b }}', '%s', '%1$d', '${x}', '%(who)s', '{n, plural, one {# a} other {# b}}', '<b>', '</b>', '<br/>'), { maxLength: 4 })
const message = fc.tuple(words, holders).chain(([some, others]) => fc.shuffledSubarray([...some, ...others], { minLength: some.length + others.length })).map((all) => all.join(' '))
const answers = fc.constantFrom(same, loud, backwards, () => 'Oui.', () => '« C’est "ça" » <&> \\ *{', (sentence: string) => `${sentence} ${sentence}`)

test('placeholders and tags are never lost, in any message and whatever the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 4 }), answers, async (messages, answer) => {
      const expected = messages.map((one) => placeholdersIn(one))
      const json: unknown = JSON.parse(await written('json', JSON.stringify(messages), answer))
      expect(json).toHaveLength(messages.length)
      const catalogue = po.parse(await written('po', po.compile({ charset: 'utf-8', headers: {}, translations: { '': Object.fromEntries(messages.map((one) => [one, { msgid: one, msgstr: [''] }])) } }).toString(), answer))
      messages.forEach((one, index) => {
        const holding = (value: unknown) => (expected[index] ?? []).reduce<number>((from, holder) => (from < 0 ? from : String(value).indexOf(holder, from)), 0)
        expect(holding((json as unknown[])[index]), 'json').toBeGreaterThanOrEqual(0)
        const [filledIn] = catalogue.translations['']?.[one]?.msgstr ?? []
        // What has no letter is left to people.
        if (filledIn !== '') expect(holding(filledIn), 'po').toBeGreaterThanOrEqual(0)
      })
    }),
  )
})

test('whatever paragraphs are made of, a Word document stays well-formed', async () => {
  const run = fc.tuple(fc.constantFrom('', '<w:b/>', '<w:i/>'), words.map((all) => all.join(' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;')))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(run, { maxLength: 5 }), { maxLength: 4 }), answers, async (paragraphs, answer) => {
      const body = paragraphs.map((runs) => `<w:p>${runs.map(([format, content]) => `<w:r><w:rPr>${format}</w:rPr><w:t>${content}</w:t></w:r>`).join('')}</w:p>`).join('')
      const source = makeWord(body)
      const xml = (file: Uint8Array) => strFromU8(unzipSync(file)['word/document.xml'] ?? new Uint8Array())
      const names = (file: Uint8Array) => tokenizeMarkup(xml(file), 'xml').flatMap((token) => (token.kind === 'open' || token.kind === 'close' ? [token.kind + token.name] : []))
      expect(names((await translateWith('docx', source, answer)).file)).toEqual(names(source))
    }),
  )
})
