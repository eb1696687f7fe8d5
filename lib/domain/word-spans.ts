/** A stretch of a text, in UTF-16 units. */
export interface Span {
  start: number
  end: number
}

/** The words of a text, in order; a Chinese text is cut into words too. */
export function wordSpans(text: string): Span[] {
  const words: Span[] = []
  for (const { index, segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (isWordLike === true) words.push({ start: index, end: index + segment.length })
  }
  return words
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}

const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u
/** Scripts that are written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** Whether a word may begin or end at the offset: no letter or digit on both sides, or one of a script without spaces. */
export function isWordBoundary(text: string, offset: number): boolean {
  const before = lastCharacter(text.slice(Math.max(0, offset - 2), offset))
  const after = firstCharacter(text.slice(offset, offset + 2))
  if (!WORD_CHARACTER.test(before) || !WORD_CHARACTER.test(after)) return true
  return UNSPACED.test(before) || UNSPACED.test(after)
}

function firstCharacter(text: string): string {
  return Array.from(text)[0] ?? ''
}

function lastCharacter(text: string): string {
  return Array.from(text).at(-1) ?? ''
}
