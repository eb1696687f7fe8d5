import { decodeText, hasText, sameText, textDocument, type DocumentBlock, type DocumentPart, type ParsedDocument } from './document'

const BLANK_LINES = /((?:\r\n|[\n\r])[^\S\r\n]*(?:\r\n|[\n\r])\s*)/u

/** Plain text: paragraphs between blank lines; each line of a paragraph is on its own. */
export function parsePlainText(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const parts = text.split(BLANK_LINES).map((part): DocumentPart => {
    const block: DocumentBlock = { runs: [{ kind: 'text', text: part, raw: part }], mode: '1', escape: sameText }
    return hasText(block.runs) ? block : part
  })
  return textDocument(encoding, parts)
}
