import type { GlossaryEntry } from './glossary-entries'
import { isWordBoundary, overlaps, type Span } from './word-spans'

/** A term where it stands in a source sentence, and what it must become. */
export interface TermUse extends Span {
  source: string
  target: string
}

/** Finds a glossary's terms in sentences. */
export interface TermFinder {
  find: (sentence: string) => TermUse[]
}

/**
 * A term is found as whole words (in scripts without spaces: anywhere). One in lower case is found
 * in any letter case; one with a capital only as it is written, or where everything is capitals.
 * Of terms that overlap the longest counts, then the first; of two that differ in letter case
 * alone, the one that is written so.
 */
export function termFinder(entries: readonly GlossaryEntry[]): TermFinder {
  const exact = new Map<string, GlossaryEntry>()
  const folded = new Map<string, GlossaryEntry>()
  const lengths = new Map<string, Set<number>>()
  for (const entry of entries) {
    const key = fold(entry.source)
    exact.set(entry.source, entry)
    if (!folded.has(key) || !hasCapital(entry.source)) folded.set(key, entry)
    const first = firstOf(key)
    const known = lengths.get(first) ?? new Set<number>()
    lengths.set(first, known.add(entry.source.length))
  }
  const lookUp = (text: string): GlossaryEntry | undefined => {
    const written = exact.get(text)
    if (written !== undefined) return written
    const entry = folded.get(fold(text))
    return entry !== undefined && (!hasCapital(entry.source) || (text === text.toUpperCase() && text !== text.toLowerCase())) ? entry : undefined
  }
  return {
    find(sentence) {
      const found: TermUse[] = []
      for (let start = 0; start < sentence.length; start++) {
        const own = lengths.get(firstOf(fold(sentence.slice(start, start + 2))))
        if (own === undefined || !isWordBoundary(sentence, start)) continue
        for (const length of own) {
          const end = start + length
          const entry = end <= sentence.length && isWordBoundary(sentence, end) ? lookUp(sentence.slice(start, end)) : undefined
          if (entry !== undefined) found.push({ start, end, source: entry.source, target: entry.target })
        }
      }
      return longestFirst(found)
    },
  }
}

function longestFirst(found: readonly TermUse[]): TermUse[] {
  const chosen: TermUse[] = []
  for (const use of [...found].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)) {
    if (!chosen.some((other) => overlaps(use, other))) chosen.push(use)
  }
  return chosen.sort((a, b) => a.start - b.start)
}

/** What of a translation speaks for which use, and which uses nothing speaks for. */
export interface TermCheck {
  claimed: Span[]
  missing: TermUse[]
}

/**
 * Holds a translation against the terms of its source: each use needs an occurrence of its target
 * of its own, as whole words. Letter case counts, but for the first letter (a sentence begins with
 * a capital) of a term in lower case, and where everything is capitals.
 */
export function checkTerms(uses: readonly TermUse[], translation: string): TermCheck {
  const claimed: Span[] = []
  const missing: TermUse[] = []
  for (const use of [...uses].sort((a, b) => b.target.length - a.target.length || a.start - b.start)) {
    const free = occurrences(translation, use.target).find((span) => !claimed.some((other) => overlaps(span, other)))
    if (free === undefined) missing.push(use)
    else claimed.push(free)
  }
  return { claimed, missing: missing.sort((a, b) => a.start - b.start) }
}

function occurrences(text: string, term: string): Span[] {
  const spans: Span[] = []
  const forms = hasCapital(term) ? [term] : [term, capitalized(term), term.toUpperCase()]
  for (const form of new Set(forms)) {
    for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
      const end = start + form.length
      if (isWordBoundary(text, start) && isWordBoundary(text, end)) spans.push({ start, end })
    }
  }
  return spans.sort((a, b) => a.start - b.start)
}

/** With a capital first letter. */
export function capitalized(text: string): string {
  const [first = '', ...rest] = text
  return first.toUpperCase() + rest.join('')
}

export function hasCapital(text: string): boolean {
  return text !== text.toLowerCase()
}

/** Lower case of the same length, so that offsets stay: the few letters whose lower case is longer keep theirs. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join('')
}

function firstOf(text: string): string {
  return Array.from(text)[0] ?? ''
}
