import type { Run } from '../markup'

/**
 * What programs put values into: {{name}}, ${name}, %{name}, {name} with whatever it holds (ICU's
 * plurals too), %(name)s, %1$s, %d, and tags such as <b> or <0/>.
 */
const PRINTF = /%(?:\([\w.-]+\))?(?:\d+\$)?[-+#0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|L|z|j|t|q)?[sdiuoxXfFeEgGaAcCp@](?![\p{L}\p{N}])/uy
const TAG = /<(?:\/?[A-Za-z0-9][^<>]*|![^<>]*)>/uy

/**
 * A text's runs: its placeholders stand for words, and its tags are tags. `raw` says how a stretch of
 * the text stands in the file; the runs' raw joined is the whole in the file.
 */
export function placeholderRuns(text: string, rawOf: (start: number, end: number) => string): Run[] {
  const runs: Run[] = []
  let start = 0
  let position = 0
  const endText = (): void => {
    if (position > start) runs.push({ kind: 'text', text: text.slice(start, position), raw: rawOf(start, position) })
  }
  while (position < text.length) {
    const end = placeholderEnd(text, position) ?? tagEnd(text, position)
    if (end === null) {
      position += 1
      continue
    }
    endText()
    const inner = text.slice(position, end)
    const raw = rawOf(position, end)
    runs.push(inner.startsWith('<') ? { kind: 'tag', raw, role: tagRole(inner) } : { kind: 'tag', raw, role: 'empty', word: true })
    position = start = end
  }
  endText()
  return runs
}

/** The placeholders and tags of a text, as they stand in it. */
export function placeholdersIn(text: string): string[] {
  return placeholderRuns(text, (start, end) => text.slice(start, end)).flatMap((run) => (run.kind === 'tag' ? [run.raw] : []))
}

function placeholderEnd(text: string, start: number): number | null {
  const character = text[start]
  if (character === '{') return balancedEnd(text, start)
  if ((character === '$' || character === '%') && text[start + 1] === '{') return balancedEnd(text, start + 1)
  if (character !== '%') return null
  if (text[start + 1] === '%') return start + 2
  PRINTF.lastIndex = start
  return PRINTF.test(text) ? PRINTF.lastIndex : null
}

function tagEnd(text: string, start: number): number | null {
  if (text[start] !== '<') return null
  TAG.lastIndex = start
  return TAG.test(text) ? TAG.lastIndex : null
}

/** After the bracket that closes this one; null where none does. */
function balancedEnd(text: string, open: number): number | null {
  let depth = 0
  for (let position = open; position < text.length; position++) {
    if (text[position] === '{') depth += 1
    else if (text[position] === '}' && --depth === 0) return position + 1
  }
  return null
}

const VOID = /^<(?:br|hr|img|wbr|input)\b/iu

/** What a tag is, by how it is written. */
export function tagRole(tag: string): 'open' | 'close' | 'empty' {
  if (tag.startsWith('</')) return 'close'
  return tag.endsWith('/>') || tag.startsWith('<!') || VOID.test(tag) ? 'empty' : 'open'
}
