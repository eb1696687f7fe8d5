/**
 * '1' ends a sentence at punctuation and at line breaks, 'nonewlines' at punctuation and blank
 * lines, '0' at line breaks alone.
 */
export type SplitMode = '0' | '1' | 'nonewlines'

/** A gap is kept as it stands: white space, line breaks, list markers, anything without a letter. */
export interface Piece {
  kind: 'sentence' | 'gap'
  text: string
}

/** Lower case, without the full stop; a sentence does not end after one of these. */
const ABBREVIATIONS: Record<string, ReadonlySet<string>> = {
  en: new Set('mr mrs ms dr prof st sr jr rev hon gen col capt lt sgt gov sen rep messrs mt ft vs cf viz fig figs vol pp approx dept est inc ltd corp co e.g i.e a.m p.m'.split(' ')),
  fr: new Set('m mm mme mlle mmes mlles dr pr st ste me mgr cf p pp art vol fig env av bd tél c.-à-d p.ex j.-c'.split(' ')),
  de: new Set('hr fr dr prof st str nr bzw ca vgl usw z.b d.h u.a s.o s.u ggf evtl inkl abs bd mio mrd tel'.split(' ')),
  es: new Set('sr sra srta sres dr dra d dña prof ud uds vd vds av avda pág págs núm tel p.ej ee.uu'.split(' ')),
  pt: new Set('sr sra srta dr dra prof profa av pág págs núm tel p.ex'.split(' ')),
  it: new Set('sig sigg sig.ra dott dr prof avv ing geom pag pagg n tel p.es ecc'.split(' ')),
  nl: new Set('dhr mevr mw dr prof ir drs bijv d.w.z o.a m.a.w blz nr tel ca'.split(' ')),
}

/** Abbreviations only before a number: `No. 5`. */
const BEFORE_NUMBERS = new Set(['no', 'nos', 'nr', 'núm', 'p', 'pp', 'art', 'fig'])

const LINE_BREAK = /(\r\n|[\n\r\v\f\u0085\u2028\u2029]|\t+)/u
const BLANK_LINES = /((?:\r\n|[\n\r])[^\S\r\n]*(?:\r\n|[\n\r])\s*)/u
const MARKER = /^(?:\s*(?:[-*+•–—>#|]+|\d{1,3}[.)]|\p{L}\))(?=\s))+\s*/u
const EDGES = /^(\s*)([^]*?)(\s*)$/u
const LETTER = /\p{L}/u

/**
 * A text as sentences and what stands between them; the pieces joined are the text, byte for byte.
 * `language` is the text's own (ISO 639-1).
 */
export function segmentText(text: string, language: string, mode: SplitMode): Piece[] {
  const pieces: Piece[] = []
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
  text.split(mode === 'nonewlines' ? BLANK_LINES : LINE_BREAK).forEach((part, index) => {
    if (index % 2 === 1) {
      push(pieces, 'gap', part)
      return
    }
    const marker = MARKER.exec(part)?.[0] ?? ''
    push(pieces, 'gap', marker)
    const body = part.slice(marker.length)
    for (const sentence of mode === '0' ? [body] : sentencesOf(body, segmenter, language)) pushTrimmed(pieces, sentence)
  })
  return pieces
}

function sentencesOf(text: string, segmenter: Intl.Segmenter, language: string): string[] {
  // A line break always ends a sentence for the segmenter; here those that should have been taken out before.
  const unbroken = text.replace(/[\n\r\v\f\u0085\u2028\u2029]/gu, ' ')
  const sentences: string[] = []
  let open = ''
  for (const { segment, index } of segmenter.segment(unbroken)) {
    open += text.slice(index, index + segment.length)
    if (!endsOpen(open, text.slice(index + segment.length), language)) {
      sentences.push(open)
      open = ''
    }
  }
  return open === '' ? sentences : [...sentences, open]
}

/** Whether the sentence goes on: after an abbreviation or an initial, or after quoted speech. */
function endsOpen(sentence: string, rest: string, language: string): boolean {
  if (/["”»]\s*$/u.test(sentence) && /^\p{Ll}/u.test(rest)) return true
  const word = /(?:^|[\s("'«“‘[])([\p{L}\p{M}.-]+)\.\s*$/u.exec(sentence)?.[1]
  if (word === undefined || rest === '') return false
  const lower = word.toLowerCase()
  if (BEFORE_NUMBERS.has(lower) && /^\d/u.test(rest)) return true
  if (ABBREVIATIONS[language]?.has(lower) === true) return true
  return /^(?:\p{Lu}\.)*\p{Lu}$/u.test(word) && !(word === 'I' && language === 'en')
}

function pushTrimmed(pieces: Piece[], text: string): void {
  const [, before = '', middle = '', after = ''] = EDGES.exec(text) ?? []
  push(pieces, 'gap', before)
  push(pieces, LETTER.test(middle) ? 'sentence' : 'gap', middle)
  push(pieces, 'gap', after)
}

function push(pieces: Piece[], kind: Piece['kind'], text: string): void {
  const last = pieces.at(-1)
  if (text === '') return
  if (kind === 'gap' && last?.kind === 'gap') last.text += text
  else pieces.push({ kind, text })
}
