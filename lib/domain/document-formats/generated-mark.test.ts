import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { markTranslated } from './generated-mark'

const core = (inner: string) => `<?xml version="1.0"?><cp:coreProperties xmlns:cp="x"><dc:title>Letter</dc:title>${inner}</cp:coreProperties>`
const word = (inner: string) => zipSync({ '[Content_Types].xml': strToU8('<Types/>'), 'word/document.xml': strToU8('<w:document/>'), 'docProps/core.xml': strToU8(core(inner)) })
const STATUS = '<cp:contentStatus>Machine translation by a&amp;b (Parley)</cp:contentStatus>'

it.each(['', '<cp:contentStatus>Draft</cp:contentStatus>', '<cp:contentStatus/>'])('says in a Word document’s properties who translated it, beside %j', (inner) => {
  const before = unzipSync(word(inner))
  const after = unzipSync(markTranslated('docx', word(inner), 'a&b'))
  expect(strFromU8(after['docProps/core.xml'] ?? new Uint8Array())).toBe(core(STATUS))
  expect(Object.keys(after)).toEqual(Object.keys(before))
  expect(after['word/document.xml']).toEqual(before['word/document.xml'])
})

it('leaves everything else as it is', () => {
  const bare = zipSync({ 'word/document.xml': strToU8('<w:document/>') })
  expect(markTranslated('docx', bare, 'm')).toBe(bare)
  const text = strToU8('Hello.')
  expect(markTranslated('txt', text, 'm')).toBe(text)
})
