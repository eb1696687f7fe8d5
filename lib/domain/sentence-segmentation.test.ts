import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { segmentText, type SplitMode } from './sentence-segmentation'

const sentences = (text: string, language = 'en', mode: SplitMode = '1') =>
  segmentText(text, language, mode).flatMap((piece) => (piece.kind === 'sentence' ? [piece.text] : []))

describe('the pieces joined are the text', () => {
  const fragment = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('\n', '\r\n', '\n\n', '  ', '\t', 'Mr. Smith', 'Ça va ? Oui !', '你好。再见！', '- ', '1. ', '\u00a0', '\u2028', '"', '...', '🙂', '\ud800'),
  )
  test('for any text, language and mode', () => {
    fc.assert(
      fc.property(fc.array(fragment), fc.constantFrom('en', 'fr', 'zh', 'xx'), fc.constantFrom<SplitMode>('0', '1', 'nonewlines'), (fragments, language, mode) => {
        const text = fragments.join('')
        const pieces = segmentText(text, language, mode)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        for (const { kind, text: piece } of pieces) if (kind === 'sentence') expect(piece).toBe(piece.trim())
      }),
    )
  })
})

test.each([
  ['en', 'Mr. Smith met Dr. Jones at 3.5 p.m. yesterday. They talked.', ['Mr. Smith met Dr. Jones at 3.5 p.m. yesterday.', 'They talked.']],
  ['en', 'See No. 5, e.g. this one. So do I. You too.', ['See No. 5, e.g. this one.', 'So do I.', 'You too.']],
  ['en', 'J. R. R. Tolkien wrote it. "Really?" she asked.', ['J. R. R. Tolkien wrote it.', '"Really?" she asked.']],
  ['en', 'No. I will not.', ['No.', 'I will not.']],
  ['fr', 'M. Dupont est là. Ça va ? Oui !', ['M. Dupont est là.', 'Ça va ?', 'Oui !']],
  ['zh', '你好。你叫什么名字？', ['你好。', '你叫什么名字？']],
])('%s: %s', (language, text, expected) => {
  expect(sentences(text, language)).toEqual(expected)
})

test('line breaks, indentation and list markers are no part of a sentence', () => {
  expect(segmentText('  - One.\r\n\r\n\t2. Two\tThree \n', 'en', '1')).toEqual([
    { kind: 'gap', text: '  - ' },
    { kind: 'sentence', text: 'One.' },
    { kind: 'gap', text: '\r\n\r\n\t2. ' },
    { kind: 'sentence', text: 'Two' },
    { kind: 'gap', text: '\t' },
    { kind: 'sentence', text: 'Three' },
    { kind: 'gap', text: ' \n' },
  ])
})

test('what has no letter is left alone', () => {
  expect(sentences('12:30\n---\n🙂 ?!\nOk.')).toEqual(['Ok.'])
})

test('with nonewlines a line break does not end a sentence, a blank line does', () => {
  expect(sentences('I am\nhere. You\nare not\n\nTitle', 'en', 'nonewlines')).toEqual(['I am\nhere.', 'You\nare not', 'Title'])
})

test('with 0 a line is a sentence', () => {
  expect(sentences('One. Two.\nThree.', 'en', '0')).toEqual(['One. Two.', 'Three.'])
})
