import type { ModerationPolicy } from '@/lib/contract/privacy'
import { foldedWords, foldText, hanLetters, openReadings, openSigns, openToken, readings, type FoldedWord } from './folded-text'
import { builtInTerms, ownTerms, type Term, type TermIndex } from './moderation-terms'

/**
 * Moderation by word lists. A word list is not understanding: it finds a word that is quoted, denied
 * or discussed, and misses whatever is said in other words, in another language or in a way of
 * spelling that is not undone here (see folded-text.ts).
 */
export interface Match {
  term: Term
  /** UTF-16 units of the text that was searched. */
  start: number
  end: number
}

export interface Scan {
  /** In order of their beginnings. */
  matches: Match[]
  /** From here on, what follows may yet complete a term; the text's length where nothing may. */
  hold: number
  /** Where the last word begins, that may go on; the text's length where it has ended. */
  openWord: number
}

const MOST_MATCHES = 20
/** A word that is spelled letter by letter has at least so many. */
const SPACED_LETTERS = 4

export class Matcher {
  readonly #indexes: readonly TermIndex[]

  constructor(policy: Pick<ModerationPolicy, 'categories' | 'words'>) {
    this.#indexes = [builtInTerms(policy.categories), ...(policy.words.length === 0 ? [] : [ownTerms(policy.words)])]
  }

  /** All terms of a text, which goes on unless it is said to be `whole`. */
  scan(original: string, whole = true): Scan {
    const folded = foldText(original)
    const { text } = folded
    const words = foldedWords(text)
    const open = whole ? 0 : openToken(text)
    const found: { term: Term; start: number; end: number }[] = []
    let hold = text.length
    for (const index of this.#indexes) {
      words.forEach((word, place) => {
        const seen = phraseFrom(index, words, place, text, whole)
        found.push(...seen.terms.map(({ term, end }) => ({ term, start: word.start, end })))
        if (seen.unfinished) hold = Math.min(hold, word.start)
      })
      for (const run of spacedRuns(words, text)) {
        const seen = spacedTerms(index, run, !whole && run.at(-1)?.end === text.length)
        found.push(...seen.terms)
        if (!whole && endsWithin(run, text)) hold = Math.min(hold, seen.hold)
      }
      const han = hanTerms(index, text)
      found.push(...han.terms)
      if (!whole) hold = Math.min(hold, han.hold)
    }
    const placeIn = (place: number): number => folded.starts[place] ?? original.length
    const matches = found
      .map(({ term, start, end }) => ({ term, start: placeIn(start), end: folded.ends[end - 1] ?? original.length }))
      .sort((one, other) => one.start - other.start || other.end - one.end)
    return { matches: distinct(matches), hold: placeIn(hold), openWord: placeIn(text.length - open) }
  }
}

/** One match a place: the longest. */
function distinct(matches: readonly Match[]): Match[] {
  const kept: Match[] = []
  for (const match of matches) {
    if (kept.length === MOST_MATCHES) break
    if (match.start >= (kept.at(-1)?.end ?? 0)) kept.push(match)
  }
  return kept
}

/** What may stand between the words of a phrase: no letter, also of Chinese, no digit and no new line. */
const GAP = /^[^\p{L}\p{N}\n]*$/u

/** Whether a later word is the next of a phrase: it follows directly, and no part of the one before. */
function nextWord(words: readonly FoldedWord[], place: number, text: string): number | null {
  const current = words[place]
  if (current === undefined) return null
  let next = place + 1
  while (next < words.length && (words[next]?.start ?? 0) < current.end) next++
  if (next === words.length || !GAP.test(text.slice(current.end, words[next]?.start))) return null
  return next
}

interface Seen {
  terms: { term: Term; end: number }[]
  /** Whether the text ends before a term could be decided. */
  unfinished: boolean
}

function phraseFrom(index: TermIndex, words: readonly FoldedWord[], place: number, text: string, whole: boolean): Seen {
  const word = words[place]
  const seen: Seen = { terms: [], unfinished: false }
  if (word === undefined) return seen
  const open = (other: FoldedWord): boolean => !whole && other.end === text.length
  if (open(word) && openReadings(word).some((reading) => index.mayBegin(reading))) seen.unfinished = true
  for (const reading of readings(word)) {
    for (const term of index.startingWith(reading)) follow(term)
  }
  return seen

  function follow(term: Term): void {
    let at = place
    let current = word
    for (const [step, wanted] of term.words.entries()) {
      if (step > 0) {
        const next = nextWord(words, at, text)
        if (next === null) {
          if (!whole && current !== undefined && !open(current) && GAP.test(text.slice(current.end))) seen.unfinished = true
          return
        }
        at = next
        current = words[at]
      }
      if (current === undefined) return
      const isLast = step === term.words.length - 1
      const stem = isLast && term.stem
      if (readings(current).some((reading) => (stem ? reading.startsWith(wanted) : reading === wanted))) {
        if (open(current) && !stem) {
          seen.unfinished = true
          return
        }
      } else {
        if (open(current) && openReadings(current).some((reading) => wanted.startsWith(reading))) seen.unfinished = true
        return
      }
    }
    if (current !== undefined) seen.terms.push({ term, end: current.end })
  }
}

/** Letters that stand alone, one after the other: `w o r d` or `w.o.r.d`. */
function spacedRuns(words: readonly FoldedWord[], text: string): FoldedWord[][] {
  const runs: FoldedWord[][] = []
  let run: FoldedWord[] = []
  for (const word of words) {
    const before = run.at(-1)
    const joins = before === undefined || /^[^\p{L}\p{N}\n]{1,3}$/u.test(text.slice(before.end, word.start))
    if (word.spelled.length === 1 && joins) run.push(word)
    else {
      if (run.length > 0) runs.push(run)
      run = word.spelled.length === 1 ? [word] : []
    }
  }
  if (run.length > 0) runs.push(run)
  return runs
}

/** Whether nothing but separators follows the run. */
function endsWithin(run: readonly FoldedWord[], text: string): boolean {
  return /^[^\p{L}\p{N}\n]{0,3}$/u.test(text.slice(run.at(-1)?.end ?? 0))
}

function spacedTerms(index: TermIndex, run: readonly FoldedWord[], open: boolean): { terms: Match[]; hold: number } {
  const terms: Match[] = []
  let hold = Infinity
  for (let from = 0; from < run.length; from++) {
    let joined = ''
    for (let to = from; to < run.length; to++) {
      joined += run[to]?.spelled ?? ''
      if (!index.mayBegin(joined)) break
      const start = run[from]?.start ?? 0
      const isLast = to === run.length - 1
      if (isLast) hold = Math.min(hold, start)
      if (joined.length < SPACED_LETTERS || (isLast && open)) continue
      for (const term of index.startingWith(joined)) if (term.words.length === 1) terms.push({ term, start, end: run[to]?.end ?? 0 })
    }
  }
  return { terms, hold }
}

function hanTerms(index: TermIndex, text: string): { terms: Match[]; hold: number } {
  const letters = hanLetters(text)
  const terms: Match[] = []
  let hold = Infinity
  letters.forEach(({ letter, start }, place) => {
    for (const term of index.ofHan(letter)) {
      const wanted = Array.from(term.words[0] ?? '')
      const there = letters.slice(place, place + wanted.length)
      const same = there.every((one, step) => one.letter === wanted[step] && (step === 0 || one.joined))
      if (!same) continue
      if (there.length === wanted.length) terms.push({ term, start, end: there.at(-1)?.end ?? start })
      else if (GAP.test(text.slice(there.at(-1)?.end))) hold = Math.min(hold, start)
    }
  })
  return { terms, hold }
}

/** A word without an end is not held back for longer. */
const LONGEST_WORD = 200

/**
 * The same over a text that comes in pieces: says how much of it may be shown, so that no term is
 * ever shown in part.
 */
export class StreamGuard {
  #text = ''
  /** What is not looked at before a letter follows. */
  #signs = ''
  /** A little of what came before, for excerpts. */
  #before = ''
  /** Where `#text` begins in the whole. */
  #base = 0
  #seen = 0

  constructor(private readonly matcher: Matcher) {}

  /** Takes the next piece. Places count from the beginning of the whole text. */
  push(piece: string, whole = false): { matches: Match[]; safe: number; excerpt: (match: Match) => string } {
    const arrived = this.#signs + piece
    const held = whole ? 0 : openSigns(arrived)
    this.#signs = arrived.slice(arrived.length - held)
    this.#text += arrived.slice(0, arrived.length - held)
    const base = this.#base
    const text = this.#text
    const { matches, hold, openWord } = this.matcher.scan(text, whole)
    const fresh = matches.map((match) => ({ ...match, start: match.start + base, end: match.end + base })).filter(({ start }) => start >= this.#seen)
    this.#seen = Math.max(this.#seen, fresh.at(-1)?.end ?? 0)
    const safe = base + Math.min(hold, matches[0]?.start ?? hold)
    const kept = Math.min(hold, openWord)
    const cut = text.length - kept > LONGEST_WORD ? text.length - 1 : kept
    const before = this.#before
    this.#before = (before + text.slice(0, cut)).slice(-EXCERPT_SIDE)
    this.#text = text.slice(cut)
    this.#base += cut
    const shift = before.length - base
    return { matches: fresh, safe, excerpt: ({ start, end }) => excerptOf(before + text, start + shift, end + shift) }
  }
}

const EXCERPT_SIDE = 40
const LONGEST_EXCERPT = 160

/** A match with a little of what stands around it. */
export function excerptOf(text: string, start: number, end: number): string {
  const from = Math.max(0, start - EXCERPT_SIDE)
  const to = Math.min(text.length, end + EXCERPT_SIDE)
  const excerpt = `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`
  return Array.from(excerpt.replaceAll(/\s+/gu, ' ')).slice(0, LONGEST_EXCERPT).join('')
}
