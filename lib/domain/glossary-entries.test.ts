import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkEntries, entriesFromTsv, entriesToCsv, entriesToTsv, GlossaryError, parseEntries } from './glossary-entries'

const LANGUAGES = { source: 'en', target: 'fr' }
const parse = (text: string, format: 'tsv' | 'csv') => parseEntries(text, format, LANGUAGES)

test('tab- and comma-separated entries are read, empty lines left out', () => {
  const entries = [{ source: 'key', target: 'clé' }, { source: 'a, b', target: 'dit "oui"' }]
  expect(parse('\ufeffkey\tclé\r\n\r\na, b\tdit "oui"\n', 'tsv')).toEqual(entries)
  expect(parse('key,clé\r\n\r\n"a, b","dit ""oui"""', 'csv')).toEqual(entries)
  expect(parse('key,clé,en,fr\n"a, b","dit ""oui""",EN-US,FR', 'csv')).toEqual(entries)
})

describe('what DeepL refuses is refused, with its line', () => {
  test.each<[string, string, 'tsv' | 'csv', RegExp]>([
    ['no entry', '\n\n', 'tsv', /no entry/u],
    ['a line without a tab', 'a\tb\nkey', 'tsv', /Line 2/u],
    ['a second tab', 'a\tb\tc', 'tsv', /Line 1/u],
    ['a source term twice', 'a\tb\nc\td\na\te', 'tsv', /Line 3: .*line 1/u],
    ['an empty target', 'a\t', 'tsv', /empty/u],
    ['white space around a term', 'a\t b', 'tsv', /white space/u],
    ['a control character', 'a\tb\u0007', 'tsv', /control/u],
    ['a line break in a term', '"a\nb",c', 'csv', /line break/u],
    ['an open quotation mark', 'a,b\n"c,d', 'csv', /Line 2/u],
    ['another language', 'a,b,en,de', 'csv', /languages/u],
    ['an overlong term', `a\t${'é'.repeat(513)}`, 'tsv', /1024 bytes/u],
    ['too many bytes', 'a\tb\n'.repeat(3_000_000), 'tsv', /10 MiB/u],
  ])('%s', (_, text, format, message) => {
    expect(() => parse(text, format)).toThrow(GlossaryError)
    expect(() => parse(text, format)).toThrow(message)
  })
})

test('entries survive both formats', () => {
  const term = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text === text.trim() && !/[\p{Cc}\u2028\u2029]/u.test(text))
  const entries = fc.uniqueArray(fc.record({ source: term, target: term }), { selector: ({ source }) => source, minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(entries, (list) => {
      expect(checkEntries(list)).toEqual(list)
      expect(entriesFromTsv(entriesToTsv(list))).toEqual(list)
      expect(parse(entriesToTsv(list), 'tsv')).toEqual(list)
      expect(parse(entriesToCsv(list), 'csv')).toEqual(list)
    }),
  )
})
