import { escapeMarkup, parseMarkup } from '../markup'
import { decodeText, textDocument, type DocumentPart, type ParsedDocument } from './document'

/** HTML: its tags, scripts, styles, code and whatever says translate="no" stay as they are. */
export function parseHtml(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const options = { kind: 'html', ignoreTags: [], splittingTags: [], nonSplittingTags: [], outlineDetection: true } as const
  const parts = parseMarkup(text, options).map(
    (part): DocumentPart => (part.kind === 'verbatim' ? part.raw : { runs: part.runs, mode: 'nonewlines', escape: escapeMarkup }),
  )
  return textDocument(encoding, parts)
}
