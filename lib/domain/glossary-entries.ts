/** A term and what it is to become. */
export interface GlossaryEntry {
  source: string
  target: string
}

export type EntriesFormat = 'tsv' | 'csv'

/** The most UTF-8 bytes of one term, and of one glossary's entries. */
export const TERM_BYTES = 1024
export const GLOSSARY_BYTES = 10 * 1024 * 1024

/** What is wrong with a glossary, in a sentence that names the line. */
export class GlossaryError extends Error {
  override readonly name = 'GlossaryError'
}

const LINE_END = /\r\n|\n|\r/u
// Control characters, and Unicode's own line ends.
const FORBIDDEN = /[\p{Cc}\u2028\u2029]/u

/**
 * Reads entries as DeepL takes them: a line an entry, empty lines left out. `tsv` has exactly two
 * columns; `csv` follows RFC 4180 and may have two more, the languages, which must then be the
 * glossary's. Throws GlossaryError for an empty or overlong term, white space around one, control
 * characters, a source term twice, no entry at all, or more than 10 MiB.
 */
export function parseEntries(text: string, format: EntriesFormat, languages: { source: string; target: string }): GlossaryEntry[] {
  const content = text.replace(/^\ufeff/u, '')
  if (byteLength(content) > GLOSSARY_BYTES) throw new GlossaryError('The entries have more than 10 MiB.')
  const rows = format === 'tsv' ? tsvRows(content) : csvRows(content)
  return checkedEntries(rows.map(({ line, cells }) => ({ line, ...entryOf(cells, line, format, languages) })))
}

/** The same checks for entries that come as such; they are numbered as lines from 1. */
export function checkEntries(entries: readonly GlossaryEntry[]): GlossaryEntry[] {
  return checkedEntries(entries.map((entry, index) => ({ ...entry, line: index + 1 })))
}

export function entriesToTsv(entries: readonly GlossaryEntry[]): string {
  return entries.map(({ source, target }) => `${source}\t${target}`).join('\n')
}

/** The inverse of entriesToTsv, for what was checked before. */
export function entriesFromTsv(tsv: string): GlossaryEntry[] {
  return tsvRows(tsv).map(({ cells }) => ({ source: cells[0] ?? '', target: cells[1] ?? '' }))
}

export function entriesToCsv(entries: readonly GlossaryEntry[]): string {
  const cell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return entries.map(({ source, target }) => `${cell(source)},${cell(target)}`).join('\r\n')
}

interface Row {
  line: number
  cells: string[]
}

function tsvRows(text: string): Row[] {
  return text.split(LINE_END).flatMap((row, index) => (row === '' ? [] : [{ line: index + 1, cells: row.split('\t') }]))
}

function csvRows(text: string): Row[] {
  const rows: Row[] = []
  let line = 1
  let row: Row = { line, cells: [] }
  let position = 0
  const endRow = (): void => {
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
    row = { line, cells: [] }
  }
  while (position <= text.length) {
    const { cell, end } = text[position] === '"' ? quotedCell(text, position, line) : plainCell(text, position)
    row.cells.push(cell)
    line += cell.split(LINE_END).length - 1
    if (text[end] === ',') {
      position = end + 1
      continue
    }
    const lineEnd = LINE_END.exec(text.slice(end, end + 2))?.[0] ?? ''
    line += 1
    endRow()
    position = end + lineEnd.length
    if (lineEnd === '') break
  }
  return rows
}

function plainCell(text: string, start: number): { cell: string; end: number } {
  const length = /^[^,\r\n]*/u.exec(text.slice(start))?.[0].length ?? 0
  return { cell: text.slice(start, start + length), end: start + length }
}

function quotedCell(text: string, start: number, line: number): { cell: string; end: number } {
  const [whole] = /^"(?:[^"]|"")*"/u.exec(text.slice(start)) ?? []
  if (whole === undefined) throw new GlossaryError(`Line ${line}: a quotation mark is not closed.`)
  const end = start + whole.length
  if (end < text.length && !/[,\r\n]/u.test(text[end] ?? '')) throw new GlossaryError(`Line ${line}: a quoted term is followed by more text.`)
  return { cell: whole.slice(1, -1).replaceAll('""', '"'), end }
}

function entryOf(cells: readonly string[], line: number, format: EntriesFormat, languages: { source: string; target: string }): GlossaryEntry {
  const [source, target, sourceLang, targetLang, more] = cells
  if (source === undefined || target === undefined) {
    throw new GlossaryError(`Line ${line}: an entry is a source term and a target term with a ${format === 'tsv' ? 'tab' : 'comma'} between them.`)
  }
  if (format === 'tsv' && sourceLang !== undefined) throw new GlossaryError(`Line ${line}: there is more than one tab.`)
  const named = sourceLang === undefined || (sameLanguage(sourceLang, languages.source) && sameLanguage(targetLang ?? '', languages.target))
  if (more !== undefined || !named) throw new GlossaryError(`Line ${line}: the third and fourth columns are not the glossary's languages.`)
  return { source, target }
}

function sameLanguage(tag: string, language: string): boolean {
  return tag === '' || tag.trim().toLowerCase().split('-', 1)[0] === language
}

function checkedEntries(entries: readonly (GlossaryEntry & { line: number })[]): GlossaryEntry[] {
  if (entries.length === 0) throw new GlossaryError('There is no entry.')
  const lines = new Map<string, number>()
  return entries.map(({ source, target, line }) => {
    for (const term of [source, target]) {
      const fault = faultOf(term)
      if (fault !== null) throw new GlossaryError(`Line ${line}: ${fault}`)
    }
    const before = lines.get(source)
    if (before !== undefined) throw new GlossaryError(`Line ${line}: the source term “${source}” stands in line ${before} already.`)
    lines.set(source, line)
    return { source, target }
  })
}

/** In UTF-8. */
function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

function faultOf(term: string): string | null {
  if (term === '') return 'a term is empty.'
  if (FORBIDDEN.test(term)) return 'a term has a control character or a line break.'
  if (term !== term.trim()) return `“${term}” has white space at its beginning or end.`
  if (byteLength(term) > TERM_BYTES) return `a term has more than ${TERM_BYTES} bytes.`
  return null
}
