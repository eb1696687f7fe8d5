import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitSentence } from './sentence-fitting'

const cut = (text: string, limit: number) => fitSentence(text, (piece) => piece.length <= limit)
const texts = (text: string, limit: number) => cut(text, limit).flatMap((piece) => (piece.kind === 'sentence' ? [piece.text] : []))

test('nothing is lost, and every piece fits', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'bcd', ' ', ', ', '; ', '，', '\n', '(x)', 'é', '. ')), fc.integer({ min: 3, max: 20 }), (parts, limit) => {
      const text = parts.join('').trim()
      const pieces = cut(text, limit)
      expect(pieces.map((piece) => piece.text).join('')).toBe(text)
      for (const { kind, text: piece } of pieces) if (kind === 'sentence') expect(piece.length).toBeLessThanOrEqual(limit)
    }),
  )
})

test('a sentence that fits stays whole', () => {
  expect(texts('One, two; three.', 16)).toEqual(['One, two; three.'])
})

test('strong boundaries come before commas, commas before words', () => {
  expect(texts('One, two; three, four.', 12)).toEqual(['One, two;', 'three, four.'])
  expect(texts('one two, three four', 9)).toEqual(['one two,', 'three', 'four'])
})

test('a word without end is cut between characters', () => {
  expect(texts('aaaaaaaaaa', 4)).toEqual(['aaaa', 'aaaa', 'aa'])
})
