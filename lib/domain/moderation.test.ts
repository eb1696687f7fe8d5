import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { MODERATION_CATEGORIES } from '@/lib/contract/privacy'
import { excerptOf, Matcher, StreamGuard } from './moderation'
import { MODERATED_LANGUAGES } from './moderation-terms'

const all = new Matcher({ categories: [...MODERATION_CATEGORIES], words: ['Projekt Falke', 'Mauerbau'] })

/** The texts that were found, as they stood. */
function found(text: string, matcher = all): string[] {
  return matcher.scan(text).matches.map(({ start, end }) => text.slice(start, end))
}

test.each([
  ['a word', 'You are a wanker, sir.', 'wanker'],
  ['letter case', 'BULLSHIT', 'BULLSHIT'],
  ['accents that are left out', 'sale negresse', 'negresse'],
  ['accents that are added', 'fück this', 'fück'],
  ['digits for letters', 'what a b1tch', 'b1tch'],
  ['signs for letters', 'an @sshole and sh!t', '@sshole'],
  ['repeated letters', 'fuuuuuck', 'fuuuuuck'],
  ['letters of another alphabet', 'fuсk', 'fuсk'],
  ['wide letters', 'ｆｕｃｋ', 'ｆｕｃｋ'],
  ['invisible characters', 'fu\u200bck', 'fu\u200bck'],
  ['letters said one by one', 'well f.u.c.k that', 'f.u.c.k'],
  ['letters apart, after another', 'I f u c k up', 'f u c k'],
  ['a phrase', 'Then go and kill yourself now.', 'kill yourself'],
  ['a phrase with a hyphen', 'Tue-toi !', 'Tue-toi'],
  ['a phrase with an apostrophe', 'I’ll kill you', 'I’ll kill you'],
  ['every word that begins so', 'motherfuckers', 'motherfuckers'],
  ['German', 'So eine Scheiße', 'Scheiße'],
  ['German in capitals', 'SO EINE SCHEISSE', 'SCHEISSE'],
  ['Spanish', 'vete a la mierda', 'vete a la mierda'],
  ['Chinese within a sentence', '他说我要杀了你然后走了', '我要杀了你'],
  ['Chinese with signs between', '操-你-妈', '操-你-妈'],
  ['an own word', 'Das projekt FALKE ist geheim', 'projekt FALKE'],
])('finds %s', (_, text, match) => {
  expect(found(text)[0]).toBe(match)
})

test.each([
  ['a word inside another', 'Scunthorpe, Penistone, a cockpit, the classic assessment of Dickens, Mauerbauer'],
  ['the rest of a word', 'bitching weather'],
  ['prices', 'It costs $5 and 100 €, or 4 a 55.'],
  ['a phrase across lines', 'kill\nyourself'],
  ['parts of a phrase', 'You can kill time yourself. White walls need power.'],
  ['Han letters that another word parts', '操 hello 你妈'],
  ['nothing', ''],
])('leaves %s alone', (_, text) => {
  expect(found(text)).toEqual([])
})

it('looks for the categories that are asked for and no other', () => {
  const matcher = new Matcher({ categories: ['self_harm'], words: [] })
  expect(found('fuck, kill yourself', matcher)).toEqual(['kill yourself'])
  expect(matcher.scan('kill yourself').matches[0]?.term).toMatchObject({ category: 'self_harm', language: 'en', name: 'kill yourself' })
  expect(found('kill yourself', new Matcher({ categories: [], words: [] }))).toEqual([])
  expect(new Matcher({ categories: [], words: ['Ärger!'] }).scan('arger').matches[0]?.term).toMatchObject({ category: 'own', language: null, name: 'Ärger!' })
})

it('has lists of five languages', () => {
  expect(MODERATED_LANGUAGES).toEqual(['en', 'fr', 'de', 'es', 'zh'])
})

it('quotes little of a text', () => {
  const text = `${'a '.repeat(300)}wanker${' b'.repeat(300)}`
  const [match] = all.scan(text).matches
  const excerpt = excerptOf(text, match?.start ?? 0, match?.end ?? 0)
  expect(excerpt).toContain('wanker')
  expect(Array.from(excerpt).length).toBeLessThan(100)
})

describe('a text that comes in pieces', () => {
  const bits = ['fuck', 'fu', 'ck', 'kill ', 'kill yourself', 'your', 'self', ' f u c k', 's', 'h!t', '!', '他', '操你', '妈', '的', 'class', 'ass', 'hole', ' ', ' ', '\n', '. ', 'motherf', 'ucking', 'uuuu', 'hello', 'é', '\u0301', '1', '@']
  const pieces = fc.array(fc.array(fc.constantFrom(...bits), { maxLength: 4 }).map((parts) => parts.join('')), { maxLength: 8 })

  /** What may be shown before the end, and all matches, of a text given in these pieces. */
  function stream(parts: readonly string[]) {
    const guard = new StreamGuard(all)
    const matches: [number, number][] = []
    let shown = 0
    let blocked = false
    for (const [index, part] of [...parts, ''].entries()) {
      const step = guard.push(part, index === parts.length)
      if (!blocked) shown = Math.max(shown, step.safe)
      blocked ||= step.matches.length > 0
      matches.push(...step.matches.map(({ start, end }): [number, number] => [start, end]))
    }
    return { shown, matches }
  }

  it('is found out as if it had come at once, and no part of a word is shown before', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('')
        const [first] = all.scan(text).matches
        const { shown, matches } = stream(parts)
        expect(matches[0]?.[0], JSON.stringify(text)).toBe(first?.start)
        expect(shown).toBe(first?.start ?? text.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('is no phrase with letters of another script, or digits, between its words', () => {
    for (const parts of [['kill your妈', 'self'], ['kill your 7 ', 'self']]) {
      expect(all.scan(parts.join('')).matches).toEqual([])
      expect(stream(parts).shown).toBe(parts.join('').length)
    }
  })

  it('is not held back where no word can come of it', () => {
    const guard = new StreamGuard(all)
    expect(guard.push('The weather in Lon').safe).toBe(18)
    expect(guard.push('don, kill').safe).toBe(23)
    expect(guard.push('ing').safe).toBe(30)
  })

  it('is not held back for ever', () => {
    const guard = new StreamGuard(all)
    expect(guard.push('fu'.repeat(1)).safe).toBe(0)
    expect(guard.push('u'.repeat(400)).safe).toBeLessThanOrEqual(402)
    expect(guard.push(' and on').safe).toBeGreaterThan(400)
  })
})
