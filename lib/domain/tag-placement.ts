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
  const groups = grouped(tags)
  const positions = positionsOf(source, translation, groups)
  let written = 0
  let text = ''
  groups.forEach((tag, index) => {
    const position = Math.max(written, outside(positions[index] ?? translation.length, kept))
    text += escape(translation.slice(written, position))
    written = position
    if (tag.word !== true) {
      text += tag.raw
      return
    }
    const alone = { before: groups[index - 1]?.offset !== tag.offset, after: groups[index + 1]?.offset !== tag.offset }
    const spaces = { before: alone.before && /\s$/u.test(source.slice(0, tag.offset)), after: alone.after && /^\s/u.test(source.slice(tag.offset)) }
    const rest = translation.slice(position)
    text += (spaces.before && /\S$/u.test(text) ? ' ' : '') + tag.raw
    // The space that stood before it, or the one after it, is the sentence's; there are not two.
    written += (alone.after ? /^\s+(?=[,.)\]…])/u : /^(?!)/u).exec(rest)?.[0].length ?? 0
    if (spaces.after && rest.trim() !== '') {
      const following = /^\s*/u.exec(translation.slice(written))?.[0].length ?? 0
      written += following
      if (following > 0 || /[\p{L}\p{N}]/u.test(translation[written] ?? '')) text += ' '
    }
  })
  return text + escape(translation.slice(written))
}

/** Tags at one place that belong together around a placeholder, as one: <b>{count}</b>. */
function grouped(tags: readonly InnerTag[]): InnerTag[] {
  const groups: InnerTag[] = []
  for (let start = 0; start < tags.length; ) {
    const offset = tags[start]?.offset ?? 0
    let end = start
    while (tags[end]?.offset === offset) end++
    const cluster = tags.slice(start, end)
    if (cluster.length > 1 && cluster.some(({ word }) => word) && isBalanced(cluster)) {
      groups.push({ raw: cluster.map(({ raw }) => raw).join(''), role: 'empty', offset, word: true })
    } else {
      groups.push(...cluster)
    }
    start = end
  }
  return groups
}

function isBalanced(tags: readonly InnerTag[]): boolean {
  let depth = 0
  for (const { role } of tags) {
    if (role === 'open') depth += 1
    if (role === 'close' && --depth < 0) return false
  }
  return depth === 0
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
      return afterPunctuation(tag, to[Math.min(after, to.length) - 1]?.end ?? 0)
    }
    if (tag.word === true) return tag.offset <= 0 ? 0 : (betweenMarks(tag) ?? to[Math.min(word, to.length) - 1]?.end ?? 0)
    const close = closing.get(index)
    const holdsText = close !== undefined && source.slice(tag.offset, tags[close]?.offset).trim() !== ''
    const before = holdsText ? Math.min(word, Math.max(0, to.length - 1)) : word
    if (holdsText) openedAt.set(close, before)
    if (tag.offset <= 0) return 0
    return to[before]?.start ?? translation.length
  }

  /** What closes after a comma closes after the translation's. */
  function afterPunctuation(tag: InnerTag, position: number): number {
    if (!/\p{P}$/u.test(source.slice(0, tag.offset))) return position
    return position + (/^\s?[,.;:!?…。，、！？：；»”)\]]+/u.exec(translation.slice(position))?.[0].length ?? 0)
  }

  /** Of a placeholder in brackets or quotation marks: between the same two in the translation. */
  function betweenMarks(tag: InnerTag): number | undefined {
    const marks = source.slice(tag.offset - 1, tag.offset + 1)
    const at = /^\p{P}{2}$/u.test(marks) ? translation.indexOf(marks, Math.max(0, last - 1)) : -1
    return at < 0 ? undefined : at + 1
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
