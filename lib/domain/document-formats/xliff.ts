import { escapeMarkup, type Run } from '../markup'
import { tokenizeMarkup, type MarkupToken } from '../markup-tokens'
import { decodeText, DocumentError, hasText, textDocument, type DocumentBlock, type DocumentLanguages, type DocumentPart, type ParsedDocument } from './document'
import { placeholderRuns } from './placeholders'

/** Elements whose content is another program's code. */
const CODE = new Set(['bpt', 'ept', 'ph', 'it', 'bx', 'ex', 'x', 'sc', 'ec', 'cp', 'sm', 'em'])
/** States of a target that nobody has translated yet. */
const UNTRANSLATED = new Set(['new', 'needs-translation', 'initial'])

/**
 * XLIFF 1.2 and 2.0: every unit without a translation gets one in its <target>, marked as translated;
 * sources, notes and other units stay as they are. Inline tags are kept.
 */
export function parseXliff(file: Uint8Array, { target }: DocumentLanguages): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const tokens = tokenizeMarkup(text, 'xml')
  const root = tokens.find((token) => token.kind === 'open')
  if (root?.kind !== 'open' || root.name !== 'xliff') throw new DocumentError('The file is no XLIFF: its first element is not <xliff>.')
  const version = root.attributes['version'] ?? ''
  if (!/^(?:1\.2|2\.\d)$/u.test(version)) throw new DocumentError(`XLIFF ${version === '' ? 'without a version' : version} is not read; 1.2 and 2.0 are.`)
  const isNew = version.startsWith('2')
  const parts: DocumentPart[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) continue
    if (token.kind === 'open' && token.name === (isNew ? 'segment' : 'trans-unit')) {
      const end = closeOf(tokens, index)
      parts.push(...unitParts(tokens.slice(index, end + 1), isNew, translates(tokens, index)))
      index = end
    } else if (token.kind === 'open' && token.name === (isNew ? 'xliff' : 'file')) {
      parts.push(withAttribute(token, isNew ? 'trgLang' : 'target-language', target))
    } else {
      parts.push(token.raw)
    }
  }
  return textDocument(encoding, parts)
}

/** Whether no element around says translate="no", or the nearest that says anything says yes. */
function translates(tokens: readonly MarkupToken[], index: number): boolean {
  const open: string[] = []
  for (const token of tokens.slice(0, index + 1)) {
    if (token.kind === 'open') open.push(token.attributes['translate'] ?? '')
    else if (token.kind === 'close') open.pop()
  }
  return open.findLast((value) => value !== '') !== 'no'
}

function unitParts(tokens: readonly MarkupToken[], isNew: boolean, translated: boolean): DocumentPart[] {
  const verbatim = tokens.map(({ raw }) => raw)
  const [unit] = tokens
  const source = elementAt(tokens, 'source')
  const target = elementAt(tokens, 'target')
  if (unit?.kind !== 'open' || source === null || !translated || unit.attributes['approved'] === 'yes') return verbatim
  if (target !== null && !isUntranslated(tokens, unit, source, target, isNew)) return verbatim
  const block = blockOf(tokens.slice(source.start + 1, source.end))
  if (block === null) return verbatim
  const state = isNew ? 'translated' : 'needs-review-translation'
  const head = isNew ? withAttribute(unit, 'state', state, true) : unit.raw
  if (target === null) {
    const indent = /\n[^\S\n]*$/u.exec(verbatim[source.start - 1] ?? '')?.[0] ?? ''
    const opening = isNew ? '<target>' : `<target state="${state}">`
    const after = (elementAt(tokens, 'seg-source') ?? source).end + 1
    return [head, ...verbatim.slice(1, after), indent, opening, block, '</target>', ...verbatim.slice(after)]
  }
  const opening = tokens[target.start]
  const openingTag = opening?.kind === 'open' ? (isNew ? opening.raw : withAttribute(opening, 'state', state, true)) : '<target>'
  const closing = verbatim[target.end] ?? ''
  return [
    head,
    ...verbatim.slice(1, target.start),
    closing === '' ? openingTag.replace(/\s*\/>$/u, '>') : openingTag,
    block,
    closing === '' ? '</target>' : closing,
    ...verbatim.slice(target.end + 1),
  ]
}

interface Place {
  start: number
  end: number
}

/** The first element of that name that is a child of the first token. */
function elementAt(tokens: readonly MarkupToken[], name: string): Place | null {
  let depth = 0
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token?.kind === 'open') {
      depth += 1
      if (depth === 2 && token.name === name) return { start: index, end: closeOf(tokens, index) }
    } else if (token?.kind === 'close') {
      depth -= 1
    }
  }
  return null
}

function isUntranslated(tokens: readonly MarkupToken[], unit: MarkupToken, source: Place, target: Place, isNew: boolean): boolean {
  const contentOf = ({ start, end }: Place): string => tokens.slice(start + 1, end).map(({ raw }) => raw).join('').trim()
  const content = contentOf(target)
  const stated = isNew ? unit : tokens[target.start]
  const state = stated?.kind === 'open' ? (stated.attributes['state'] ?? '') : ''
  return content === '' || UNTRANSLATED.has(state) || (state === '' && content === contentOf(source))
}

function blockOf(tokens: readonly MarkupToken[]): DocumentBlock | null {
  const runs: Run[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) continue
    const end = token.kind === 'open' && (CODE.has(token.name) || token.attributes['translate'] === 'no') ? closeOf(tokens, index) : index
    const raw = tokens.slice(index, end + 1).map((part) => part.raw).join('')
    if (token.kind === 'text') runs.push(...textRuns(token.text, raw))
    else if (token.kind === 'open' && end === index && tokens[index + 1]?.raw !== '') runs.push({ kind: 'tag', raw, role: 'open' })
    else if (token.kind === 'close' && token.raw !== '') runs.push({ kind: 'tag', raw, role: 'close' })
    else if (raw !== '') runs.push({ kind: 'tag', raw, role: 'empty', ...(token.kind === 'open' && (token.name === 'x' || token.name === 'ph') ? { word: true } : {}) })
    index = end
  }
  return hasText(runs) ? { runs, mode: 'nonewlines', escape: escapeMarkup } : null
}

/** A text's runs with its placeholders; where its entities cannot be told apart it is one run. */
function textRuns(text: string, raw: string): Run[] {
  const offsets: number[] = []
  let decoded = ''
  for (const { index, 0: written } of raw.matchAll(/&#?\w+;|[^]/gu)) {
    const character = written.startsWith('&') ? (ENTITIES[written] ?? numbered(written)) : written
    for (let unit = 0; unit < character.length; unit++) offsets.push(index)
    decoded += character
  }
  offsets.push(raw.length)
  if (decoded !== text) return [{ kind: 'text', text, raw }]
  return placeholderRuns(text, (start, end) => raw.slice(offsets[start], offsets[end]))
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }

function numbered(entity: string): string {
  const [, hex, decimal] = /^&#(?:x([0-9a-f]{1,6})|(\d{1,7}));$/iu.exec(entity) ?? []
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity
}

function closeOf(tokens: readonly MarkupToken[], open: number): number {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]?.kind === 'open') depth += 1
    else if (tokens[index]?.kind === 'close' && --depth === 0) return index
  }
  return tokens.length - 1
}

/** The tag with an attribute where it has none such; or, to `replace`, with this value for it. */
function withAttribute(token: Extract<MarkupToken, { kind: 'open' }>, name: string, value: string, replace = false): string {
  const present = new RegExp(`(\\s${name}\\s*=\\s*)("[^"]*"|'[^']*')`, 'u')
  if (present.test(token.raw)) return replace ? token.raw.replace(present, (_, before: string) => `${before}"${value}"`) : token.raw
  return token.raw.replace(/\s*\/?>$/u, (end) => ` ${name}="${value}"${end}`)
}
