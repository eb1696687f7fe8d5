import { FUNCTION_WORDS } from './function-words'
import { capitalized, checkTerms, hasCapital, type TermUse } from './glossary-terms'
import { isWordBoundary, overlaps, wordSpans, type Span } from './word-spans'

/** Sentences that a term is tried in, to see how a model renders it; X stands for the term. */
const PROBES: Record<string, readonly string[]> = {
  en: ['The X.', 'This is the X.', 'Where is the X?', 'I have a X.'],
  fr: ['Le X.', "C'est la X.", 'Où est le X ?', "J'ai une X."],
  de: ['Das X.', 'Das ist der X.', 'Wo ist die X?', 'Ich habe ein X.'],
  es: ['El X.', 'Esta es la X.', '¿Dónde está el X?', 'Tengo una X.'],
  it: ['Il X.', 'Questa è la X.', "Dov'è il X?", 'Ho una X.'],
  pt: ['O X.', 'Esta é a X.', 'Onde está o X?', 'Tenho uma X.'],
  nl: ['De X.', 'Dit is het X.', 'Waar is de X?', 'Ik heb een X.'],
  zh: ['X。', '这是X。', 'X在哪里？', '我有一个X。'],
}

/** Texts that show, once a model has translated them, how it renders a term. */
export function probesFor(term: string, language: string): string[] {
  return [term, ...(PROBES[language] ?? []).map((probe) => probe.replace('X', () => term))]
}

/** How a model seems to render a term. */
export interface Rendering {
  /** The whole of what it said, longest first. */
  phrases: string[]
  /** By the beginning of each word that carries meaning: in how many probes it stands. */
  votes: Map<string, number>
}

export function renderingOf(translations: readonly string[], language: string): Rendering {
  const common = FUNCTION_WORDS[language] ?? new Set<string>()
  const phrases = new Set<string>()
  const votes = new Map<string, number>()
  for (const translation of translations) {
    const words = bareWords(translation)
    const meaning = words.filter(({ start, end }) => carriesMeaning(translation.slice(start, end), common))
    const [first, last] = [meaning[0], meaning.at(-1)]
    if (first === undefined || last === undefined) continue
    phrases.add(translation.slice(first.start, last.end).toLowerCase())
    for (const stem of new Set(meaning.map(({ start, end }) => stemOf(translation.slice(start, end))))) votes.set(stem, (votes.get(stem) ?? 0) + 1)
  }
  return { phrases: [...phrases].sort((a, b) => b.length - a.length), votes }
}

const ELISION = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|un|dell|nell|all)['’]/iu

/** Words without an article or pronoun that has grown together with them: l'eau. */
function bareWords(text: string): Span[] {
  return wordSpans(text).map(({ start, end }) => ({ start: start + (ELISION.exec(text.slice(start, end))?.[0].length ?? 0), end }))
}

function carriesMeaning(word: string, common: ReadonlySet<string>): boolean {
  return !common.has(word.toLowerCase()) && (word.length > 2 || /\p{Script=Han}/u.test(word))
}

/** A word without its ending: forms of one word mostly share it. */
function stemOf(word: string): string {
  const lower = word.toLowerCase()
  return lower.slice(0, Math.max(4, Math.ceil(lower.length * 0.7)))
}

export interface Placed {
  text: string
  /** The uses whose target had to be put where it seemed to belong, in brackets. */
  inserted: TermUse[]
}

/**
 * The translation with every missing target in it. Where the model's own rendering of the term
 * stands, the target takes its place; else the target is inserted in brackets, as far into the
 * sentence as the term is into the source. What speaks for another use is left alone.
 */
export function placeTerms(source: string, translation: string, uses: readonly TermUse[], renderings: ReadonlyMap<string, Rendering>): Placed {
  const inserted: TermUse[] = []
  let text = translation
  for (const use of checkTerms(uses, text).missing) {
    const { claimed } = checkTerms(uses, text)
    const rendering = renderings.get(use.source)
    const span = rendering === undefined ? null : findRendering(text, rendering, share(source, use.start), claimed)
    if (span !== null) {
      text = replaced(text, span, use.target)
    } else {
      inserted.push(use)
      text = insertedAt(text, share(source, use.start), use.target, claimed)
    }
  }
  return { text, inserted }
}

function share(text: string, offset: number): number {
  return text.length === 0 ? 0 : offset / text.length
}

function findRendering(text: string, { phrases, votes }: Rendering, place: number, claimed: readonly Span[]): Span | null {
  const isFree = (span: Span): boolean => !claimed.some((other) => overlaps(span, other))
  const nearest = (spans: readonly Span[]): Span | null =>
    [...spans].sort((a, b) => Math.abs(share(text, a.start) - place) - Math.abs(share(text, b.start) - place))[0] ?? null
  const lower = text.toLowerCase()
  if (lower.length === text.length) {
    for (const phrase of phrases) {
      const found = nearest(allOf(lower, phrase).filter(isFree))
      if (found !== null) return found
    }
  }
  const words = bareWords(text).filter(isFree)
  const most = Math.max(0, ...words.map(({ start, end }) => votes.get(stemOf(text.slice(start, end))) ?? 0))
  if (most === 0) return null
  return nearest(words.filter(({ start, end }) => (votes.get(stemOf(text.slice(start, end))) ?? 0) === most))
}

function allOf(text: string, phrase: string): Span[] {
  const spans: Span[] = []
  for (let start = text.indexOf(phrase); start >= 0; start = text.indexOf(phrase, start + 1)) {
    const end = start + phrase.length
    if (isWordBoundary(text, start) && isWordBoundary(text, end)) spans.push({ start, end })
  }
  return spans
}

/** A term in lower case takes the capital of what it replaces. */
function replaced(text: string, { start, end }: Span, target: string): string {
  const before = text.slice(start, end)
  const capital = before !== before.toLowerCase() && before.slice(1) === before.slice(1).toLowerCase()
  return text.slice(0, start) + (capital && !hasCapital(target) ? capitalized(target) : target) + text.slice(end)
}

function insertedAt(text: string, place: number, target: string, claimed: readonly Span[]): string {
  const words = wordSpans(text)
  const free = words.map(({ end }) => end).filter((offset) => !claimed.some(({ start, end }) => offset > start && offset < end))
  const wanted = Math.round(place * text.length)
  const offset = free.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? text.length
  return `${text.slice(0, offset)}${offset === 0 ? '' : ' '}(${target})${text.slice(offset)}`
}
