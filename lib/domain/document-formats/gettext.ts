import { decodeText, DocumentError, hasText, textDocument, type DocumentBlock, type DocumentPart, type ParsedDocument } from './document'
import { placeholderRuns } from './placeholders'

const LINE = /^(\s*)(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)(\s+)(".*")\s*$/u
const CONTINUED = /^\s*(".*")\s*$/u
const LITERAL = /^"(?:[^"\\]|\\.)*"$/u

interface Field {
  keyword: string
  value: string
  /** Its lines, keyword and line ends included. */
  lines: string[]
}

/** An entry's lines in order: those of a field, or any other. */
type Piece = Field | string

/**
 * Translation catalogues (gettext's .po): what has no translation yet, or one marked fuzzy, gets one;
 * everything else stays as it is. Of plural forms the first comes from msgid, all others from
 * msgid_plural. Placeholders are kept.
 */
export function parseCatalogue(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const entries = entriesOf(text)
  if (!entries.some((entry) => entry.some((piece) => typeof piece !== 'string' && piece.keyword === 'msgid'))) {
    throw new DocumentError('The file is no gettext catalogue: it has no msgid.')
  }
  return textDocument(encoding, entries.flatMap(entryParts))
}

function entriesOf(text: string): Piece[][] {
  const entries: Piece[][] = []
  let entry: Piece[] = []
  const endEntry = (): void => {
    if (entry.length > 0) entries.push(entry)
    entry = []
  }
  for (const line of text.split(/(?<=\n)/u)) {
    const found = LINE.exec(line.trimEnd())
    const last = entry.at(-1)
    if (found !== null) {
      const [, , keyword = '', , literal = ''] = found
      // An entry ends where the next begins, blank line or not.
      if ((keyword === 'msgid' || keyword === 'msgctxt') && entry.some((piece) => typeof piece !== 'string' && piece.keyword.startsWith('msgstr'))) endEntry()
      entry.push({ keyword, value: valueOf(literal), lines: [line] })
    } else if (typeof last === 'object' && CONTINUED.test(line.trimEnd())) {
      last.value += valueOf(CONTINUED.exec(line.trimEnd())?.[1] ?? '""')
      last.lines.push(line)
    } else {
      if (line.trim() === '') endEntry()
      entry.push(line)
    }
  }
  endEntry()
  return entries
}

function valueOf(literal: string): string {
  if (!LITERAL.test(literal)) throw new DocumentError(`The file is no gettext catalogue: ${literal} is no text in quotation marks.`)
  return literal.slice(1, -1).replace(/\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))/giu, (_whole, octal: string | undefined, hex: string | undefined, letter: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return ESCAPES[letter] ?? letter
  })
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' }

function entryParts(entry: readonly Piece[]): DocumentPart[] {
  const fields = new Map(entry.flatMap((piece) => (typeof piece === 'string' ? [] : [[piece.keyword, piece.value]])))
  const source = fields.get('msgid') ?? ''
  const comments = entry.filter((piece) => typeof piece === 'string')
  const fuzzy = comments.some(isFuzzy)
  const translatable = source !== '' && !comments.some((line) => line.startsWith('#~'))
  const pieces = entry.map((piece) => {
    const form = typeof piece === 'string' ? null : /^msgstr(?:\[(\d+)\])?$/u.exec(piece.keyword)
    if (typeof piece === 'string' || form === null || !translatable || (piece.value !== '' && !fuzzy)) return { piece, block: null }
    return { piece, block: blockOf(form[1] === undefined || form[1] === '0' ? source : (fields.get('msgid_plural') ?? source)) }
  })
  const changed = pieces.some(({ block }) => block !== null)
  return pieces.flatMap(({ piece, block }): DocumentPart[] => {
    // The translation is new, and what the flag said of the old one does not hold for it.
    if (typeof piece === 'string') return [changed && isFuzzy(piece) ? withoutFuzzy(piece) : piece]
    if (block === null) return [piece.lines.join('')]
    const [first = ''] = piece.lines
    const end = /\s*$/u.exec(piece.lines.at(-1) ?? '')?.[0] ?? ''
    return [`${first.slice(0, first.indexOf('"'))}"`, block, `"${end}`]
  })
}

function isFuzzy(line: string): boolean {
  return /^#,.*\bfuzzy\b/u.test(line)
}

function withoutFuzzy(line: string): string {
  const left = line.replace(/,\s*fuzzy\b/u, '')
  return left.trim() === '#' ? '' : left
}

function blockOf(source: string): DocumentBlock | null {
  const runs = placeholderRuns(source, (start, end) => escapeText(source.slice(start, end)))
  return hasText(runs) ? { runs, mode: '1', escape: escapeText } : null
}

function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/\p{Cc}/gu, (control) => (control < ' ' ? `\\${control.charCodeAt(0).toString(8).padStart(3, '0')}` : control))
}
