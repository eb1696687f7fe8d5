import { DocumentError, rawOf, type DocumentLanguages, type ParsedDocument } from './document'
import { parseCatalogue } from './gettext'
import { parseHtml } from './html'
import { parseJsonDocument } from './json'
import { parseMarkdown } from './markdown'
import { parsePlainText } from './plain-text'
import { parseSubtitles } from './subrip'
import { parseWord } from './word'
import { parseXliff } from './xliff'

interface DocumentFormat {
  name: string
  extensions: readonly string[]
  mediaType: string
  parse: (file: Uint8Array, languages: DocumentLanguages) => ParsedDocument
}

export const DOCUMENT_FORMATS = {
  txt: { name: 'Text', extensions: ['txt', 'text'], mediaType: 'text/plain; charset=utf-8', parse: parsePlainText },
  md: { name: 'Markdown', extensions: ['md', 'markdown'], mediaType: 'text/markdown; charset=utf-8', parse: parseMarkdown },
  html: { name: 'HTML', extensions: ['html', 'htm', 'xhtml'], mediaType: 'text/html; charset=utf-8', parse: parseHtml },
  srt: { name: 'Subtitles', extensions: ['srt'], mediaType: 'application/x-subrip', parse: parseSubtitles },
  docx: { name: 'Word', extensions: ['docx'], mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', parse: parseWord },
  po: { name: 'gettext', extensions: ['po', 'pot'], mediaType: 'text/x-gettext-translation; charset=utf-8', parse: parseCatalogue },
  xliff: { name: 'XLIFF', extensions: ['xliff', 'xlf'], mediaType: 'application/xliff+xml', parse: parseXliff },
  json: { name: 'JSON', extensions: ['json'], mediaType: 'application/json', parse: parseJsonDocument },
} satisfies Record<string, DocumentFormat>

export type DocumentFormatName = keyof typeof DOCUMENT_FORMATS

export function isDocumentFormat(name: string): name is DocumentFormatName {
  return Object.hasOwn(DOCUMENT_FORMATS, name)
}

/** The format that a file's name says; null for one that is not read. */
export function formatOfName(filename: string): DocumentFormatName | null {
  const extension = /\.([a-z0-9]+)$/iu.exec(filename)?.[1]?.toLowerCase() ?? ''
  for (const [name, { extensions }] of Object.entries(DOCUMENT_FORMATS)) {
    if (isDocumentFormat(name) && extensions.some((known) => known === extension)) return name
  }
  return null
}

/**
 * Takes a document apart. Throws DocumentError where the file is not what its name says. What comes
 * back writes the same file, byte for byte, where no block changes; of catalogues and XLIFF, that
 * with every missing translation being its source.
 */
export function parseDocument(format: DocumentFormatName, file: Uint8Array, languages: DocumentLanguages): ParsedDocument {
  const { parse }: DocumentFormat = DOCUMENT_FORMATS[format]
  return parse(file, languages)
}

/** As parseDocument, and the file with no block changed: what a translation is held against. */
export function unchanged(document: ParsedDocument): Uint8Array {
  return document.write(document.blocks.map(rawOf))
}

export { DocumentError }
