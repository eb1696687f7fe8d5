import { decodeText, DocumentError, hasText, textDocument, type DocumentPart, type ParsedDocument } from './document'
import { placeholderRuns } from './placeholders'

const TOKEN = /"(?:[^"\\]|\\.)*"|[^"]+/gu
/** Nothing that a person reads: addresses, colours, dates, identifiers with a dot, slash or underscore. */
const NO_PROSE = /^(?:[a-z][\w+.-]*:\/\/\S*|mailto:\S+|\S+@\S+\.\S+|#[0-9a-f]{3,8}|\d{4}-\d\d-\d\d\S*|[\w.-]*[._/\\][\w./\\-]*|\/\S*)$/iu

/**
 * JSON: string values are translated, keys, numbers and the layout stay as they are. Placeholders
 * ({{name}}, {count, plural, …}, %s) and tags inside values are kept as a whole.
 */
export function parseJsonDocument(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  try {
    JSON.parse(text)
  } catch {
    throw new DocumentError('The file is not valid JSON.')
  }
  const tokens = text.match(TOKEN) ?? []
  const parts = tokens.flatMap((token, index): DocumentPart[] => {
    const isKey = /^\s*:/u.test(tokens[index + 1] ?? '')
    return token.startsWith('"') && !isKey ? stringParts(token) : [token]
  })
  return textDocument(encoding, parts)
}

function stringParts(token: string): DocumentPart[] {
  const { value, offsets } = decodeString(token)
  if (NO_PROSE.test(value.trim())) return [token]
  const runs = placeholderRuns(value, (start, end) => token.slice(offsets[start], offsets[end]))
  return hasText(runs) ? ['"', { runs, mode: '1', escape: escapeJson }, '"'] : [token]
}

/** A string literal's value, and where each of its characters stands in the literal (UTF-16 units); one more for the end. */
function decodeString(token: string): { value: string; offsets: number[] } {
  const offsets: number[] = []
  let value = ''
  for (let position = 1; position < token.length - 1; ) {
    const length = token[position] === '\\' ? (token[position + 1] === 'u' ? 6 : 2) : 1
    offsets.push(position)
    value += JSON.parse(`"${token.slice(position, position + length)}"`) as string // a part of a valid literal is one
    position += length
  }
  offsets.push(token.length - 1)
  return { value, offsets }
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
