import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { Run } from '../markup'
import { decodeText, hasText, textDocument, type DocumentPart, type ParsedDocument } from './document'
import { tagRole } from './placeholders'

type Root = ReturnType<typeof fromMarkdown>
type Content = Root['children'][number]
type PhrasingContent = Extract<Content, { type: 'paragraph' }>['children'][number]

const FRONT_MATTER = /^(?:---[^\S\n]*\r?\n[^]*?\n---|\+\+\+[^\S\n]*\r?\n[^]*?\n\+\+\+)[^\S\n]*(?:\r?\n|$)/u

/**
 * Markdown (CommonMark with GitHub's tables, task lists, strikethrough, footnotes): paragraphs,
 * headings and table cells are translated; code, HTML, addresses, front matter and the layout stay as
 * they are, and emphasis and links go along with their words.
 */
export function parseMarkdown(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const front = FRONT_MATTER.exec(text)?.[0] ?? ''
  const body = text.slice(front.length)
  const tree = fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  const parts: DocumentPart[] = [front]
  let written = 0
  for (const { start, end, part } of blocksOf(tree, body)) {
    parts.push(body.slice(written, start), part)
    written = end
  }
  parts.push(body.slice(written))
  return textDocument(encoding, parts)
}

interface Found {
  start: number
  end: number
  part: DocumentPart
}

/** The blocks with text of their own, in order. */
function blocksOf(node: Root | Content, source: string): Found[] {
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') {
    return lines(node.children).flatMap((children) => {
      const [first, last] = [children[0], children.at(-1)]
      if (first === undefined || last === undefined) return []
      const [start, end] = [startOf(first), endOf(last)]
      const runs = children.flatMap((child) => runsOf(child, source))
      // Where the tree says less than the source has, it is left as it is.
      if (!hasText(runs) || runs.map(({ raw }) => raw).join('') !== source.slice(start, end)) return []
      return [{ start, end, part: { runs, mode: 'nonewlines', escape: escapeMarkdown, finish: node.type === 'tableCell' ? oneCell : plainStart } }]
    })
  }
  return 'children' in node ? node.children.flatMap((child) => blocksOf(child, source)) : []
}

/** What stands between hard line breaks. */
function lines(children: readonly PhrasingContent[]): PhrasingContent[][] {
  const groups: PhrasingContent[][] = [[]]
  for (const child of children) {
    if (child.type === 'break') groups.push([])
    else groups.at(-1)?.push(child)
  }
  return groups
}

function runsOf(node: PhrasingContent, source: string): Run[] {
  const [start, end] = [startOf(node), endOf(node)]
  const raw = source.slice(start, end)
  switch (node.type) {
    case 'text':
      // A line break inside a paragraph is a space, whatever quotation or list it is in.
      return [{ kind: 'text', text: node.value.replaceAll(/\s*\n\s*/gu, ' '), raw }]
    case 'emphasis':
    case 'strong':
    case 'delete':
    case 'link':
    case 'linkReference': {
      const [first, last] = [node.children[0], node.children.at(-1)]
      // An address that stands for itself is no text, and a text that is the name of a reference stays its name.
      const isName = node.type === 'link' ? !raw.startsWith('[') : node.type === 'linkReference' && node.referenceType !== 'full'
      if (first === undefined || last === undefined || isName) return [{ kind: 'tag', raw, role: 'empty', word: true }]
      return [
        { kind: 'tag', raw: source.slice(start, startOf(first)), role: 'open' },
        ...node.children.flatMap((child) => runsOf(child, source)),
        { kind: 'tag', raw: source.slice(endOf(last), end), role: 'close' },
      ]
    }
    case 'html':
      return [{ kind: 'tag', raw, role: tagRole(raw) }]
    case 'inlineCode':
      return [{ kind: 'tag', raw, role: 'empty', word: true }]
    case 'break':
    case 'footnoteReference':
    case 'image':
    case 'imageReference':
      return [{ kind: 'tag', raw, role: 'empty' }]
  }
}

function startOf(node: Content): number {
  return node.position?.start.offset ?? 0
}

function endOf(node: Content): number {
  return node.position?.end.offset ?? 0
}

/** What would be taken for Markdown; an underscore inside a word is none. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*[\]<]/gu, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/gu, '\\&')
    .replace(/~(?=~)/gu, '\\~')
}

/** A text that begins like a list, a heading or a quotation. */
function plainStart(text: string): string {
  return text.replace(/^(\s*)([-+>#=])/u, '$1\\$2').replace(/^(\s*\d{1,9})([.)])(?=\s|$)/u, '$1\\$2')
}

function oneCell(text: string): string {
  return text.replaceAll(/(?<!\\)\|/gu, '\\|')
}
