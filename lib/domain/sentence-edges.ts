const END = /[.!?…。！？]+[\s"'»”’)\]]*$/u
const FULL_STOP = /(?<!\.)[.。]$/u
const FIRST_LETTER = /^([^\p{L}]*)(\p{L})/u
/** Words that keep their capital inside a sentence. */
const ALWAYS_CAPITAL = /^(?:I\b|\p{Lu}\p{Lu})/u

/** Whether a text has no closing punctuation: a heading, a label, a part of a sentence. */
export function endsOpen(text: string): boolean {
  return !END.test(text)
}

/**
 * A translation with the source's own beginning and end: its letter case at the start, and its
 * closing punctuation, or none where the source has none.
 */
export function withEdgesOf(source: string, translation: string): string {
  return withEnd(source, withStart(source, translation))
}

function withStart(source: string, translation: string): string {
  const wanted = FIRST_LETTER.exec(source)?.[2]
  const [, before = '', letter] = FIRST_LETTER.exec(translation) ?? []
  if (wanted === undefined || letter === undefined) return translation
  const lower = wanted === wanted.toLowerCase() && wanted !== wanted.toUpperCase()
  const upper = wanted === wanted.toUpperCase() && wanted !== wanted.toLowerCase()
  const rest = translation.slice(before.length + letter.length)
  if (lower && !ALWAYS_CAPITAL.test(translation.slice(before.length))) return before + letter.toLowerCase() + rest
  return upper ? before + letter.toUpperCase() + rest : translation
}

function withEnd(source: string, translation: string): string {
  const end = END.exec(source)?.[0]
  if (end === undefined) return translation.replace(FULL_STOP, '')
  return END.test(translation) ? translation : translation + end
}
