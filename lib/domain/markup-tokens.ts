import { Parser } from 'htmlparser2'

export type MarkupKind = 'html' | 'xml'

/** A stretch of the source, or a structural end that is not written out (`raw` is then empty). */
export type MarkupToken =
  | { kind: 'text'; raw: string; text: string }
  | { kind: 'open'; raw: string; name: string; attributes: Readonly<Record<string, string>> }
  | { kind: 'close'; raw: string; name: string }
  /** Comments, declarations, CDATA, stray end tags: kept as they stand. */
  | { kind: 'other'; raw: string }

/**
 * The source cut into tokens; their `raw` joined is the source, byte for byte, however broken the
 * markup is. Every `open` has its `close`. Names are in lower case for html.
 */
export function tokenizeMarkup(source: string, kind: MarkupKind): MarkupToken[] {
  const tokens: MarkupToken[] = []
  let position = 0
  let inCdata = false
  /** The source up to `end`, what no event spoke for being put before it. */
  const take = (start: number, end: number): string => {
    if (start > position) tokens.push({ kind: 'other', raw: source.slice(position, start) })
    const raw = source.slice(Math.max(start, position), end)
    position = Math.max(position, end)
    return raw
  }
  const parser = new Parser(
    {
      onopentag(name, attributes, isImplied) {
        const raw = isImplied ? '' : take(parser.startIndex, parser.endIndex + 1)
        tokens.push({ kind: 'open', raw, name, attributes })
      },
      onclosetag(name, isImplied) {
        const raw = isImplied ? '' : take(parser.startIndex, parser.endIndex + 1)
        tokens.push({ kind: 'close', raw, name })
      },
      ontext(text) {
        const raw = take(parser.startIndex, parser.endIndex + 1)
        const last = tokens.at(-1)
        if (inCdata) tokens.push({ kind: 'other', raw })
        else if (last?.kind === 'text') tokens[tokens.length - 1] = { kind: 'text', raw: last.raw + raw, text: last.text + text }
        else tokens.push({ kind: 'text', raw, text })
      },
      oncdatastart() {
        inCdata = true
      },
      oncdataend() {
        inCdata = false
      },
    },
    { decodeEntities: true, xmlMode: kind === 'xml', recognizeSelfClosing: true },
  )
  parser.end(source)
  if (position < source.length) tokens.push({ kind: 'other', raw: source.slice(position) })
  return tokens
}
