import type { Piece } from './sentence-segmentation'

/** From the boundary that harms a sentence least to the one that always helps. */
const BOUNDARIES: readonly RegExp[] = [
  /(?<=[.!?;:…])(\s+)|(?<=[。！？；：])()/u,
  /(?<=[,)\]»”—–])(\s+)|(?<=[，、）])()|(\s+)(?=[([«“—–])/u,
  /(\s+)/u,
]

interface Unit {
  text: string
  /** What follows it in the source. */
  gap: string
}

/**
 * A sentence cut into pieces that `fits` accepts, at clause boundaries where they suffice, else
 * between words, else between characters. The pieces joined are the sentence; the gaps are its
 * white space at the cuts. A single character that does not fit is a piece all the same.
 */
export function fitSentence(sentence: string, fits: (text: string) => boolean): Piece[] {
  return pack({ text: sentence, gap: '' }, fits, 0)
}

function pack(unit: Unit, fits: (text: string) => boolean, level: number): Piece[] {
  if (fits(unit.text)) return pieces(unit)
  const boundary = BOUNDARIES[level]
  const units = boundary === undefined ? graphemes(unit) : cut(unit, boundary)
  const packed: Piece[] = []
  let open: Unit | null = null
  for (const next of units) {
    const joined: Unit = open === null ? next : { text: open.text + open.gap + next.text, gap: next.gap }
    if (fits(joined.text)) {
      open = joined
      continue
    }
    if (open !== null) packed.push(...pieces(open))
    open = fits(next.text) ? next : null
    if (open === null) packed.push(...(boundary === undefined ? pieces(next) : pack(next, fits, level + 1)))
  }
  return open === null ? packed : [...packed, ...pieces(open)]
}

function pieces({ text, gap }: Unit): Piece[] {
  const made: Piece[] = []
  if (text !== '') made.push({ kind: 'sentence', text })
  if (gap !== '') made.push({ kind: 'gap', text: gap })
  return made
}

function cut(unit: Unit, boundary: RegExp): Unit[] {
  const units: Unit[] = []
  let start = 0
  for (const match of unit.text.matchAll(new RegExp(boundary, 'gu'))) {
    if (match.index === start && match[0] === '') continue
    units.push({ text: unit.text.slice(start, match.index), gap: match[0] })
    start = match.index + match[0].length
  }
  return [...units, { text: unit.text.slice(start), gap: unit.gap }]
}

function graphemes(unit: Unit): Unit[] {
  const segments = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(unit.text)]
  return segments.map(({ segment }, index) => ({ text: segment, gap: index === segments.length - 1 ? unit.gap : '' }))
}
