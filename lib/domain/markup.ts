import { tokenizeMarkup, type MarkupKind, type MarkupToken } from './markup-tokens'

export interface MarkupOptions {
  kind: MarkupKind
  /** Elements whose content is left as it stands. */
  ignoreTags: readonly string[]
  /** Elements that end a sentence where they begin and end. */
  splittingTags: readonly string[]
  /** Elements that may stand inside a sentence. */
  nonSplittingTags: readonly string[]
  /** xml: take elements with text beside them to stand inside a sentence, and all others to split. */
  outlineDetection: boolean
}

/**
 * Of a block: text, or a tag (or anything else that is kept as it stands) inside the text. What
 * stands for a word, such as a placeholder, keeps white space around it where it has some.
 */
export type Run = { kind: 'text'; text: string; raw: string } | { kind: 'tag'; raw: string; role: 'open' | 'close' | 'empty'; word?: boolean }

/** A document in order: what is copied, and stretches of text to be translated. */
export type Part = { kind: 'verbatim'; raw: string } | { kind: 'block'; runs: Run[] }

const INLINE_HTML = new Set(
  'a abbr acronym b bdi bdo big cite data del dfn em font i img ins label mark q ruby rt rp s small span strike strong sub sup time tt u wbr'.split(' '),
)
const UNTOUCHED_HTML = new Set('script style code pre kbd samp var svg math template noscript iframe object textarea'.split(' '))
/** Of the above, those that may stand inside a sentence. */
const UNTOUCHED_INLINE_HTML = new Set('code kbd samp var svg math'.split(' '))

interface Element {
  untouched: boolean
  inline: boolean
}

/**
 * A document's translatable blocks and what stands between them. The parts' `raw` joined is the
 * source.
 */
export function parseMarkup(source: string, options: MarkupOptions): Part[] {
  const tokens = tokenizeMarkup(source, options.kind)
  const elements = classify(tokens, options)
  const parts: Part[] = []
  let runs: Run[] = []
  const flush = (): void => {
    if (runs.length > 0) parts.push(asPart(runs))
    runs = []
  }
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    const element = elements[index]
    if (token === undefined) continue
    if (token.kind === 'text') {
      runs.push(token)
    } else if (element === undefined) {
      runs.push({ kind: 'tag', raw: token.raw, role: 'empty' })
    } else if (token.kind === 'open' && element.untouched) {
      const end = closeOf(tokens, index)
      const raw = tokens.slice(index, end + 1).map((inner) => inner.raw).join('')
      index = end
      if (!element.inline) flush()
      runs.push({ kind: 'tag', raw, role: 'empty' })
      if (!element.inline) flush()
    } else if (element.inline) {
      runs.push({ kind: 'tag', raw: token.raw, role: roleOf(tokens, index) })
    } else {
      flush()
      parts.push({ kind: 'verbatim', raw: token.raw })
    }
  }
  flush()
  return parts
}

/** The document's text alone, by which its language is told. */
export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === 'block' ? [blockText(part.runs)] : [])).join('\n')
}

export function blockText(runs: readonly Run[]): string {
  return runs.map((run) => (run.kind === 'text' ? run.text : '')).join('')
}

export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function asPart(runs: Run[]): Part {
  if (/\p{L}/u.test(blockText(runs))) return { kind: 'block', runs }
  return { kind: 'verbatim', raw: runs.map((run) => run.raw).join('') }
}

function roleOf(tokens: readonly MarkupToken[], index: number): 'open' | 'close' | 'empty' {
  const token = tokens[index]
  const next = tokens[index + 1]
  if (token?.kind === 'close') return 'close'
  return next?.kind === 'close' && next.raw === '' ? 'empty' : 'open'
}

function closeOf(tokens: readonly MarkupToken[], open: number): number {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    const kind = tokens[index]?.kind
    if (kind === 'open') depth++
    else if (kind === 'close' && --depth === 0) return index
  }
  return tokens.length - 1
}

/** By token: what the element is that it opens or closes; undefined for text and the rest. */
function classify(tokens: readonly MarkupToken[], options: MarkupOptions): (Element | undefined)[] {
  const mixed = mixedParents(tokens)
  const open: Element[] = []
  return tokens.map((token, index) => {
    if (token.kind === 'close') return open.pop()
    if (token.kind !== 'open') return undefined
    const element = { untouched: isUntouched(token, options), inline: isInline(token, options, mixed[index] === true) }
    open.push(element)
    return element
  })
}

/** By opening token: whether its parent has text of its own. */
function mixedParents(tokens: readonly MarkupToken[]): boolean[] {
  const withText = new Set<number>()
  const parents: number[] = []
  const stack = [-1]
  tokens.forEach((token, index) => {
    const parent = stack.at(-1) ?? -1
    if (token.kind === 'open') {
      parents[index] = parent
      stack.push(index)
    } else if (token.kind === 'close') {
      stack.pop()
    } else if (token.kind === 'text' && token.text.trim() !== '') {
      withText.add(parent)
    }
  })
  return tokens.map((_, index) => withText.has(parents[index] ?? -2))
}

type OpenToken = Extract<MarkupToken, { kind: 'open' }>

function isUntouched({ name, attributes }: OpenToken, options: MarkupOptions): boolean {
  if (options.ignoreTags.includes(name)) return true
  if (options.kind === 'xml') return false
  return UNTOUCHED_HTML.has(name) || attributes.translate === 'no' || (attributes.class ?? '').split(/\s+/u).includes('notranslate')
}

function isInline({ name }: OpenToken, options: MarkupOptions, parentHasText: boolean): boolean {
  if (options.splittingTags.includes(name)) return false
  if (options.nonSplittingTags.includes(name)) return true
  if (options.kind === 'html') return INLINE_HTML.has(name) || UNTOUCHED_INLINE_HTML.has(name) || (options.ignoreTags.includes(name) && parentHasText)
  return options.outlineDetection ? parentHasText : true
}
