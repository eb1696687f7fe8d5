import { decodeText, hasText, sameText, textDocument, type DocumentBlock, type DocumentPart, type ParsedDocument } from './document'

const LINE_END = /(\r\n|\n|\r)/u

/** Plain text, line by line. */
export function parsePlainText(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const parts = text.split(LINE_END).map((part): DocumentPart => {
    const block: DocumentBlock = { runs: [{ kind: 'text', text: part, raw: part }], mode: '1', escape: sameText }
    return hasText(block.runs) ? block : part
  })
  return textDocument(encoding, parts)
}
