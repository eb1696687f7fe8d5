import type { Run } from '../markup'
import { decodeText, DocumentError, hasText, sameText, textDocument, type DocumentPart, type ParsedDocument } from './document'

const TIMING = /^\s*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}\s*-->\s*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}/u
const TAG = /(<\/?[A-Za-z][^<>]*>|\{\\[^{}]*\})/u
const SPEAKER = /^\s*(?:<[^<>]*>|\{\\[^{}]*\})*\s*[-–—♪]/u
const SENTENCE_END = /[.!?…。！？♪]["'»”’)\]]*\s*$/u

/**
 * Subtitles (SubRip): numbers and timings stay as they are, byte for byte. The lines of a cue are one
 * text and are broken anew at the same share of it, but for the lines of several speakers.
 */
export function parseSubtitles(file: Uint8Array): ParsedDocument {
  const { text, encoding } = decodeText(file)
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/u)
  const parts: DocumentPart[] = []
  let cue: string[] | null = null
  let cues = 0
  const endCue = (): void => {
    if (cue !== null && cue.length > 0) parts.push(...cueParts(cue))
    cue = null
  }
  for (const line of lines) {
    if (TIMING.test(line)) {
      endCue()
      cue = []
      cues += 1
      parts.push(line)
    } else if (cue === null || line.trim() === '') {
      endCue()
      parts.push(line)
    } else {
      cue.push(line)
    }
  }
  endCue()
  if (cues === 0) throw new DocumentError('The file has no subtitles: there is no line such as 00:00:01,000 --> 00:00:02,000.')
  return textDocument(encoding, parts)
}

/** A cue's lines in groups that are one text each; between groups stands a line break. */
function cueParts(lines: readonly string[]): DocumentPart[] {
  const parts: DocumentPart[] = []
  let group: string[] = []
  const endGroup = (): void => {
    if (group.length > 0) parts.push(...groupParts(group))
    group = []
  }
  for (const line of lines) {
    const before = group.at(-1)
    if (before !== undefined && (SPEAKER.test(line) || SENTENCE_END.test(stripTags(before)))) endGroup()
    group.push(line)
  }
  endGroup()
  return parts
}

function stripTags(line: string): string {
  return line.replace(new RegExp(TAG, 'gu'), '').trimEnd()
}

function groupParts(lines: readonly string[]): DocumentPart[] {
  const whole = lines.join('')
  const body = whole.replace(/[\r\n]+$/u, '')
  const runs = body.split(/(\r\n|\n|\r)/u).flatMap((part, index) => (index % 2 === 1 ? lineBreak(part) : lineRuns(part)))
  const end = whole.slice(body.length)
  if (!hasText(runs)) return [whole]
  const block = { runs, mode: 'nonewlines', escape: sameText, finish: trimLines } as const
  return end === '' ? [block] : [block, end]
}

/** For the text a break is a space; where it goes is told by how far into the text it stood. */
function lineBreak(raw: string): Run[] {
  return [{ kind: 'text', text: ' ', raw: '' }, { kind: 'tag', raw, role: 'empty' }]
}

function lineRuns(line: string): Run[] {
  return line.split(TAG).flatMap((part, index): Run[] => {
    if (part === '') return []
    if (index % 2 === 0) return [{ kind: 'text', text: part, raw: part }]
    return [{ kind: 'tag', raw: part, role: part.startsWith('</') ? 'close' : part.startsWith('<') ? 'open' : 'empty' }]
  })
}

function trimLines(text: string): string {
  return text.replace(/[^\S\r\n]*(\r\n|\n|\r)[^\S\r\n]*/gu, '$1').trim()
}
