import { wordSpans, type Span } from './word-spans'

/** A sentence's translation, with the stretches of it that no tag may split. */
export type TranslatedSentence = string | { text: string; kept: readonly Span[] }

/** A tag in a sentence or at its edges, at an offset of the source sentence (UTF-16 units). */
export interface InnerTag {
  raw: string
  role: 'open' | 'close' | 'empty'
  offset: number
  /** It stands for a word: white space around it is kept. */
  word?: boolean
}

/**
 * A translated sentence with the source sentence's tags in it: all of them, in their order. An
 * element whose text stands unchanged in the translation (a name, a number) goes around it there;
 * otherwise tags go to the place that is as far into the sentence, counted in words.
 */
export function placeTags(source: string, translated: TranslatedSentence, tags: readonly InnerTag[], escape: (text: string) => string): string {
  const { text: translation, kept } = typeof translated === 'string' ? { text: translated, kept: [] } : translated
  const positions = positionsOf(source, translation, tags)
  let written = 0
  let text = ''
  tags.forEach((tag, index) => {
    const position = outside(positions[index] ?? translation.length, kept)
    text += escape(translation.slice(written, position))
    written = position
    if (tag.word !== true) {
      text += tag.raw
      return
    }
    const apart = { before: /\s$/u.test(source.slice(0, tag.offset)), after: /^\s/u.test(source.slice(tag.offset)) }
    text += (apart.before && /[\p{L}\p{N}]$/u.test(text) ? ' ' : '') + tag.raw
    if (apart.after && /^[\p{L}\p{N}]/u.test(translation.slice(position))) text += ' '
  })
  return text + escape(translation.slice(written))
}

/** A position that splits none of the spans: the end of the one that it would have split. */
function outside(position: number, spans: readonly Span[]): number {
  return spans.find(({ start, end }) => position > start && position < end)?.end ?? position
}

function positionsOf(source: string, translation: string, tags: readonly InnerTag[]): number[] {
  const from = wordSpans(source)
  const to = wordSpans(translation)
  const closing = matchingTags(tags)
  const positions: number[] = []
  const fixed = new Map<number, number>()
  /** By opening tag: the word that it stands before. */
  const openedAt = new Map<number, number>()
  let last = 0
  tags.forEach((tag, index) => {
    const close = closing.get(index)
    const span = close === undefined ? null : anchor(source, translation, tag.offset, tags[close]?.offset ?? tag.offset, last)
    if (span !== null && close !== undefined) {
      fixed.set(index, span.start)
      fixed.set(close, span.end)
    }
    const word = Math.round((wordsBefore(from, tag.offset) * to.length) / Math.max(1, from.length))
    const wanted = fixed.get(index) ?? proportional(tag, index, word)
    last = Math.max(last, wanted)
    positions.push(last)
  })
  return positions

  function proportional(tag: InnerTag, index: number, word: number): number {
    if (tag.role === 'close') {
      if (tag.offset >= source.length) return translation.length
      const opened = openedAt.get(index)
      const after = opened === undefined ? word : Math.max(word, opened + 1)
      return to[Math.min(after, to.length) - 1]?.end ?? 0
    }
    const close = closing.get(index)
    const holdsText = close !== undefined && source.slice(tag.offset, tags[close]?.offset).trim() !== ''
    const before = holdsText ? Math.min(word, Math.max(0, to.length - 1)) : word
    if (holdsText) openedAt.set(close, before)
    if (tag.offset <= 0) return 0
    return to[before]?.start ?? translation.length
  }
}

/** From the index of an opening tag to that of the tag that closes it. */
function matchingTags(tags: readonly InnerTag[]): Map<number, number> {
  const matches = new Map<number, number>()
  const open: number[] = []
  tags.forEach((tag, index) => {
    if (tag.role === 'open') open.push(index)
    if (tag.role !== 'close') return
    const opening = open.pop()
    if (opening !== undefined) matches.set(opening, index)
  })
  return matches
}

/** Where an element's own text stands in the translation, if at one place alone, as whole words, and not before `earliest`. */
function anchor(source: string, translation: string, start: number, end: number, earliest: number): Span | null {
  const content = source.slice(start, end).trim()
  const at = translation.indexOf(content)
  if (!/[\p{L}\p{N}]/u.test(content) || at < earliest || at !== translation.lastIndexOf(content)) return null
  const insideWord = joined(source, start) || joined(source, end)
  const whole = !joined(translation, at) && !joined(translation, at + content.length)
  return whole || insideWord ? { start: at, end: at + content.length } : null
}

/** Whether a letter or digit stands on both sides of an offset. */
function joined(text: string, offset: number): boolean {
  return /[\p{L}\p{N}]$/u.test(text.slice(0, offset)) && /^[\p{L}\p{N}]/u.test(text.slice(offset))
}

function wordsBefore(words: readonly Span[], offset: number): number {
  return words.filter((word) => word.end <= offset).length
}
