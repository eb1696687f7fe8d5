import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeTerms, probesFor, renderingOf } from './glossary-placement'
import { checkTerms, termFinder } from './glossary-terms'

const found = (entries: Record<string, string>, sentence: string) =>
  termFinder(Object.entries(entries).map(([source, target]) => ({ source, target })))
    .find(sentence)
    .map(({ start, end, target }) => [sentence.slice(start, end), target])

describe('a term is found', () => {
  test.each<[string, Record<string, string>, string, [string, string][]]>([
    ['as a whole word', { art: 'ART' }, 'The art of party and art.', [['art', 'ART'], ['art', 'ART']]],
    ['in any letter case, where it is in lower case', { house: 'maison' }, 'House, HOUSE and house.', [['House', 'maison'], ['HOUSE', 'maison'], ['house', 'maison']]],
    ['as it is written, where it has a capital', { Apple: 'Apple' }, 'An apple by Apple, by APPLE.', [['Apple', 'Apple'], ['APPLE', 'Apple']]],
    ['by the entry that is written so', { apple: 'pomme', Apple: 'Apple' }, 'Apple or apple', [['Apple', 'Apple'], ['apple', 'pomme']]],
    ['longest first', { key: 'clé', 'key ring': 'porte-clés' }, 'A key and a key ring.', [['key', 'clé'], ['key ring', 'porte-clés']]],
    ['with an accent or another script beside it', { été: 'summer', дом: 'house' }, 'L’été, étés, дом домой', [['été', 'summer'], ['дом', 'house']]],
    ['anywhere in a script without spaces', { 合同: 'contract' }, '这份合同很重要', [['合同', 'contract']]],
    ['with punctuation of its own', { 'C++': 'C plus plus' }, 'C++ is not C.', [['C++', 'C plus plus']]],
  ])('%s', (_, entries, sentence, expected) => {
    expect(found(entries, sentence)).toEqual(expected)
  })
})

test('each use needs an occurrence of its own, and a longer target speaks for itself alone', () => {
  const uses = termFinder([{ source: 'key', target: 'clé' }, { source: 'key ring', target: 'porte-clé' }]).find('A key ring and a key and a key.')
  expect(checkTerms(uses, 'Un porte-clé, une clé.').missing.map(({ start }) => start)).toEqual([27])
  expect(checkTerms(uses, 'Clé. Porte-clé, CLÉ').missing).toEqual([])
  expect(checkTerms(uses, 'clés').missing).toHaveLength(3)
})

test("a target takes the place of the model's own rendering, the nearest one, with its capital", () => {
  const uses = termFinder([{ source: 'house', target: 'demeure' }]).find('The house is empty.')
  const rendering = renderingOf(['La maison.', "C'est la maison.", 'Où est la maison ?'], 'fr')
  const place = (translation: string) => placeTerms('The house is empty.', translation, uses, new Map([['house', rendering]]))
  expect(place('La maison est vide.')).toEqual({ text: 'La demeure est vide.', inserted: [] })
  expect(place('Maison vide, grande maison.')).toEqual({ text: 'Demeure vide, grande maison.', inserted: [] })
  expect(place('La demeure est vide.')).toEqual({ text: 'La demeure est vide.', inserted: [] })
  expect(place('Tout est vide.').text).toBe('Tout (demeure) est vide.')
  expect(place('').text).toBe('(demeure)')
})

test('an article that has grown together with a word stays', () => {
  const uses = termFinder([{ source: 'water', target: 'onde' }]).find('The water is cold.')
  const rendering = renderingOf(["L'eau.", "C'est l'eau."], 'fr')
  expect(placeTerms('The water is cold.', "L'eau est froide.", uses, new Map([['water', rendering]])).text).toBe("L'onde est froide.")
})

test('every language has its probes, and the term itself is one', () => {
  expect(probesFor('$& key', 'en')).toContain('This is the $& key.')
  expect(probesFor('key', 'xx')).toEqual(['key'])
})

const word = fc.stringMatching(/^[a-zé]{1,6}$/u)
const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
const glossary = fc.uniqueArray(fc.record({ source: phrase, target: fc.oneof(phrase, phrase.map((text) => text.toUpperCase()), fc.constantFrom('合同', 'C++', 'iPhone')) }), {
  selector: ({ source }) => source,
  minLength: 1,
  maxLength: 6,
})

test('whatever the model said, afterwards every use of every term has its target', () => {
  fc.assert(
    fc.property(glossary, fc.array(word, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 5 }), fc.string(), fc.array(fc.string(), { maxLength: 3 }), (entries, words, picks, translation, probes) => {
      const terms = picks.map((pick) => entries[pick % entries.length]?.source ?? '')
      const source = [...words, ...terms].sort().join(' ')
      const uses = termFinder(entries).find(source)
      const renderings = new Map(entries.map((entry) => [entry.source, renderingOf([...probes, translation], 'fr')]))
      const { text, inserted } = placeTerms(source, translation, uses, renderings)
      expect(checkTerms(uses, text).missing).toEqual([])
      expect(inserted.length).toBeLessThanOrEqual(uses.length)
      expect(placeTerms(source, text, uses, renderings)).toEqual({ text, inserted: [] })
    }),
    { numRuns: 300 },
  )
})
