import type { Run } from '../markup'
import type { SplitMode } from '../sentence-segmentation'

/** A stretch of a document that is translated as one. */
export interface DocumentBlock {
  /** The runs' `raw` joined is the block in the file. */
  runs: Run[]
  mode: SplitMode
  /** Text as the format writes it. */
  escape: (text: string) => string
  /** What is still to be done to a translated block as a whole. */
  finish?: (written: string) => string
}

/** A document taken apart. */
export interface ParsedDocument {
  blocks: readonly DocumentBlock[]
  /** The file with its blocks written anew, in order; what did not change is kept byte for byte. */
  write: (blocks: readonly string[]) => Uint8Array
}

export interface DocumentLanguages {
  /** As files name it: `fr`, `en-US`. */
  target: string
}

/** The file is not what its name says, or larger than is reasonable. The message is for whoever sent it. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
}

/** Of a text file: a block, or what is copied. */
export type DocumentPart = string | DocumentBlock

/** The block as it stands in the file. */
export function rawOf({ runs }: DocumentBlock): string {
  return runs.map(({ raw }) => raw).join('')
}

export function isBlock(part: DocumentPart): part is DocumentBlock {
  return typeof part !== 'string'
}

/** A text file of parts; parts and their blocks' raw joined are the text. */
export function textDocument(encoding: TextEncoding, parts: readonly DocumentPart[]): ParsedDocument {
  return {
    blocks: parts.filter(isBlock),
    write: (blocks) => encodeText(joinParts(parts, blocks), encoding),
  }
}

export function joinParts(parts: readonly DocumentPart[], blocks: readonly string[]): string {
  let used = 0
  return parts.map((part) => (isBlock(part) ? (blocks[used++] ?? rawOf(part)) : part)).join('')
}

export type TextEncoding = 'utf-8' | 'utf-8 with mark' | 'utf-16le' | 'utf-16be'

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark. Throws DocumentError for any other. */
export function decodeText(file: Uint8Array): { text: string; encoding: TextEncoding } {
  const [first, second, third] = file
  if (first === 0xff && second === 0xfe) return { text: decode('utf-16le', file.subarray(2)), encoding: 'utf-16le' }
  if (first === 0xfe && second === 0xff) return { text: decode('utf-16le', swapped(file.subarray(2))), encoding: 'utf-16be' }
  if (first === 0xef && second === 0xbb && third === 0xbf) return { text: decode('utf-8', file.subarray(3)), encoding: 'utf-8 with mark' }
  return { text: decode('utf-8', file), encoding: 'utf-8' }
}

function decode(label: 'utf-8' | 'utf-16le', bytes: Uint8Array): string {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new DocumentError('The file is not in UTF-8. Save it in that encoding and send it again.')
  }
}

function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8')
    case 'utf-8 with mark':
      return Buffer.from(`\ufeff${text}`, 'utf8')
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 'utf-16be':
      return swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))
  }
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16()
}

/** Whether there is anything to translate in it. */
export function hasText(runs: readonly Run[]): boolean {
  return runs.some((run) => run.kind === 'text' && /\p{L}/u.test(run.text))
}

export function sameText(text: string): string {
  return text
}
