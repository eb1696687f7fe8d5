import { MODERATION_CATEGORIES, type ModerationCategory } from '@/lib/contract/privacy'
import { foldedWords, foldText, hanLetters } from './folded-text'
import { german } from './moderation-words/de'
import { english } from './moderation-words/en'
import { spanish } from './moderation-words/es'
import { french } from './moderation-words/fr'
import { chinese } from './moderation-words/zh'

/** A list's words by category. An entry of several words is a phrase; one that ends in `*` matches every word that begins so. */
export type WordList = Record<ModerationCategory, readonly string[]>

const LISTS: Readonly<Record<string, WordList>> = { en: english, fr: french, de: german, es: spanish, zh: chinese }

export const MODERATED_LANGUAGES = Object.keys(LISTS)

/** A word or phrase that is looked for. */
export interface Term {
  /** As it stands in the list. */
  name: string
  language: string | null
  category: ModerationCategory | 'own'
  /** Folded; of Han letters, one entry. */
  words: readonly string[]
  /** Whether the last word need only begin so. */
  stem: boolean
}

const STEM_KEY = 3

/** Terms by what they begin with. */
export class TermIndex {
  readonly #first = new Map<string, Term[]>()
  readonly #stems = new Map<string, Term[]>()
  readonly #han = new Map<string, Term[]>()
  /** All beginnings of first words, and of Han terms. */
  readonly #beginnings = new Set<string>()
  /** The longest, in words and in Han letters. */
  readonly longestPhrase: number
  readonly longestHan: number

  constructor(terms: readonly Term[]) {
    let phrase = 1
    let han = 0
    for (const term of terms) {
      const [first = ''] = term.words
      const letters = Array.from(first)
      for (let length = 1; length <= letters.length; length++) this.#beginnings.add(letters.slice(0, length).join(''))
      phrase = Math.max(phrase, term.words.length)
      if (hanLetters(first).length > 0) {
        han = Math.max(han, letters.length)
        add(this.#han, letters[0] ?? '', term)
      } else if (term.stem && term.words.length === 1) {
        add(this.#stems, first.slice(0, STEM_KEY), term)
      } else {
        add(this.#first, first, term)
      }
    }
    this.longestPhrase = phrase
    this.longestHan = han
  }

  /** Those whose first word this is, or which are a stem of it. */
  startingWith(word: string): Term[] {
    const stems = this.#stems.get(word.slice(0, STEM_KEY)) ?? []
    return [...(this.#first.get(word) ?? []), ...stems.filter(({ words: [stem = ''] }) => word.startsWith(stem))]
  }

  ofHan(letter: string): readonly Term[] {
    return this.#han.get(letter) ?? []
  }

  /** Whether some term begins so. */
  mayBegin(text: string): boolean {
    return this.#beginnings.has(text)
  }
}

function add(map: Map<string, Term[]>, key: string, term: Term): void {
  const there = map.get(key)
  if (there === undefined) map.set(key, [term])
  else there.push(term)
}

/** An entry with nothing to look for, such as one of signs alone, has no words. */
export function termOf(entry: string, language: string | null, category: Term['category']): Term {
  const { text } = foldText(entry)
  const han = hanLetters(text)
  if (han.length > 0) return { name: entry, language, category, words: [han.map(({ letter }) => letter).join('')], stem: false }
  return { name: entry, language, category, words: foldedWords(text).flatMap(({ text: word, spelled }) => (/^\p{L}+$/u.test(word) ? [spelled] : [])), stem: entry.endsWith('*') }
}

const indexes = new Map<string, TermIndex>()

/** The built-in lists of some categories; made once. */
export function builtInTerms(categories: readonly ModerationCategory[]): TermIndex {
  const wanted = MODERATION_CATEGORIES.filter((category) => categories.includes(category))
  const key = wanted.join()
  const known = indexes.get(key)
  if (known !== undefined) return known
  const terms = Object.entries(LISTS).flatMap(([language, list]) => wanted.flatMap((category) => list[category].map((entry) => termOf(entry, language, category))))
  const index = new TermIndex(terms)
  indexes.set(key, index)
  return index
}

/** An organisation's own words. */
export function ownTerms(words: readonly string[]): TermIndex {
  return new TermIndex(words.map((word) => termOf(word, null, 'own')).filter((term) => term.words.length > 0))
}
