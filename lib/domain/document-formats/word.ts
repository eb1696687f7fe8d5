import { unzipSync, zipSync, type Zippable } from 'fflate'
import { escapeMarkup, type Run } from '../markup'
import { tokenizeMarkup, type MarkupToken } from '../markup-tokens'
import { DocumentError, hasText, isBlock, joinParts, type DocumentPart, type ParsedDocument } from './document'

/** The most that a document may have once unpacked. */
const UNPACKED_BYTES = 100 * 1024 * 1024
const MOST_FILES = 5000

const TEXT_PARTS = /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml$/u
/** What ends a text inside a paragraph. */
const BREAKS = new Set(['w:br', 'w:tab', 'w:cr', 'w:p', 'w:pict', 'w:drawing', 'w:object', 'mc:AlternateContent'])

/**
 * Word documents: the paragraphs of the text, its tables, headers, footers and notes. Formatting goes
 * along with its words; everything else in the file stays as it is, byte for byte.
 */
export function parseWord(file: Uint8Array): ParsedDocument {
  const files = unpack(file)
  const texts = Object.keys(files).filter((name) => TEXT_PARTS.test(name))
  if (!texts.includes('word/document.xml')) throw new DocumentError('The file is no Word document (.docx).')
  const parsed = texts.map((name) => {
    const xml = new TextDecoder('utf-8').decode(files[name])
    return { name, xml, parts: paragraphParts(tokenizeMarkup(xml, 'xml')) }
  })
  return {
    blocks: parsed.flatMap(({ parts }) => parts.filter(isBlock)),
    write: (blocks) => {
      let used = 0
      const changed = new Map<string, Uint8Array>()
      for (const { name, xml, parts } of parsed) {
        const own = blocks.slice(used, (used += parts.filter(isBlock).length))
        const written = joinParts(parts, own)
        if (written !== xml) changed.set(name, Buffer.from(written, 'utf8'))
      }
      return changed.size === 0 ? file : pack(files, changed)
    },
  }
}

function unpack(file: Uint8Array): Record<string, Uint8Array> {
  let bytes = 0
  let count = 0
  try {
    return unzipSync(file, {
      filter: ({ originalSize }) => {
        bytes += originalSize
        count += 1
        if (bytes > UNPACKED_BYTES || count > MOST_FILES) throw new DocumentError('The document is too large once it is unpacked.')
        return true
      },
    })
  } catch (cause) {
    if (cause instanceof DocumentError) throw cause
    throw new DocumentError('The file is no Word document (.docx): it cannot be unpacked.')
  }
}

/** In the order of the original; what is compressed already is only stored. */
function pack(files: Readonly<Record<string, Uint8Array>>, changed: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {}
  for (const [name, content] of Object.entries(files)) {
    entries[name] = [changed.get(name) ?? content, { level: /\.(?:png|jpe?g|gif|zip|mp4)$/iu.test(name) ? 0 : 6, mtime: new Date(1980, 0, 1) }]
  }
  return zipSync(entries)
}

interface Piece {
  text: string
  raw: string
  /** What comes before it since the piece before. */
  between: string
  format: string
}

/** Every paragraph's text as blocks. What stands between two pieces of text (tags alone) is one tag. */
function paragraphParts(tokens: readonly MarkupToken[]): DocumentPart[] {
  const parts: DocumentPart[] = []
  const open: string[] = []
  const formats: string[] = []
  let pieces: Piece[] = []
  let between = ''
  const flush = (): void => {
    parts.push(...blockOf(pieces))
    pieces = []
    parts.push(between)
    between = ''
  }
  tokens.forEach((token, index) => {
    if (token.kind === 'text' && open.at(-1) === 'w:t') {
      pieces.push({ text: token.text, raw: token.raw, between, format: formats.join('') })
      between = ''
      return
    }
    if ((token.kind === 'open' || token.kind === 'close') && BREAKS.has(token.name)) flush()
    between += token.raw
    if (token.kind === 'open') {
      open.push(token.name)
      if (token.name === 'w:rPr' && open.at(-2) === 'w:r') formats[0] = contentOf(tokens, index)
      if (token.name === 'w:hyperlink') formats[1] = token.raw
    } else if (token.kind === 'close') {
      open.pop()
      if (token.name === 'w:r') formats[0] = ''
      if (token.name === 'w:hyperlink') formats[1] = ''
    }
  })
  flush()
  return parts.filter((part) => part !== '')
}

function contentOf(tokens: readonly MarkupToken[], open: number): string {
  let depth = 0
  let content = ''
  for (const token of tokens.slice(open)) {
    if (token.kind === 'open') depth += 1
    if (token.kind === 'close') depth -= 1
    content += token.raw
    if (depth === 0) return content
  }
  return content
}

function blockOf(pieces: readonly Piece[]): DocumentPart[] {
  const [first] = pieces
  if (first === undefined) return []
  const lengths = new Map<string, number>()
  for (const { format, text } of pieces) lengths.set(format, (lengths.get(format) ?? 0) + text.length)
  const base = [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
  const runs: Run[] = [{ kind: 'tag', raw: first.between, role: 'empty' }]
  // Of a paragraph that begins in another format than most of it, the beginning counts as opened.
  if (first.format !== base) runs.push({ kind: 'tag', raw: '', role: 'open' })
  pieces.forEach((piece, index) => {
    const before = pieces[index - 1]
    if (before !== undefined) runs.push({ kind: 'tag', raw: piece.between, role: roleOf(before.format, piece.format, base) })
    runs.push({ kind: 'text', text: piece.text, raw: piece.raw })
  })
  if (!hasText(runs)) return [runs.map(({ raw }) => raw).join('')]
  return [{ runs, mode: '1', escape: escapeMarkup, finish: spaced }]
}

function roleOf(before: string, after: string, base: string): 'open' | 'close' | 'empty' {
  if (before === after) return 'empty'
  if (before === base) return 'open'
  return after === base ? 'close' : 'empty'
}

/** Spaces at the edges of a text count only where the file says so. */
function spaced(raw: string): string {
  return raw.replaceAll('<w:t>', '<w:t xml:space="preserve">')
}
