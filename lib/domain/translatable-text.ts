import { blockText, escapeMarkup, type Part, type Run } from './markup'
import type { Piece } from './sentence-segmentation'
import { placeTags, type InnerTag, type TranslatedSentence } from './tag-placement'

/** A text, or a document, as the sentences to translate and the way back. */
export interface TranslatableText {
  sentences: readonly string[]
  /** Takes one translation a sentence, in their order. */
  assemble(translations: readonly TranslatedSentence[]): string
}

/** Plain text as the one block of a document without markup. */
export function plainParts(text: string): Part[] {
  return [{ kind: 'block', runs: [{ kind: 'text', text, raw: text }] }]
}

/** `segment` cuts a block's text; its pieces joined must be the text. */
export function translatable(parts: readonly Part[], segment: (text: string) => Piece[], escaped: boolean): TranslatableText {
  const escape = escaped ? escapeMarkup : (text: string): string => text
  const prepared = parts.map((part) => (part.kind === 'block' ? translatableBlock(part.runs, segment(blockText(part.runs)), escape) : part.raw))
  return {
    sentences: prepared.flatMap((part) => (typeof part === 'string' ? [] : part.sentences)),
    assemble(translations) {
      let used = 0
      return prepared
        .map((part) => (typeof part === 'string' ? part : part.assemble(translations.slice(used, (used += part.sentences.length)))))
        .join('')
    },
  }
}

/** One block. Where no sentence changes, it comes back as it stood in the source, byte for byte. */
export function translatableBlock(runs: readonly Run[], pieces: readonly Piece[], escape: (text: string) => string): TranslatableText {
  const sentences = pieces.flatMap(({ kind, text }) => (kind === 'sentence' ? [text] : []))
  return {
    sentences,
    assemble(translations) {
      const unchanged = sentences.every((sentence, index) => textOf(translations[index] ?? sentence) === sentence)
      return unchanged ? runs.map(({ raw }) => raw).join('') : assembleBlock(runs, pieces, translations, escape)
    },
  }
}

function textOf(translation: TranslatedSentence): string {
  return typeof translation === 'string' ? translation : translation.text
}

function assembleBlock(runs: readonly Run[], pieces: readonly Piece[], translations: readonly TranslatedSentence[], escape: (text: string) => string): string {
  const tags = tagsOf(runs)
  let used = 0
  let output = ''
  let start = 0
  let tag = 0
  for (const { kind, text } of pieces) {
    const end = start + text.length
    const own: InnerTag[] = []
    // What opens at a piece's end belongs to the next one.
    for (let next = tags[tag]; next !== undefined && (next.offset < end || (next.offset === end && next.role === 'close')); next = tags[++tag]) {
      own.push({ ...next, offset: next.offset - start })
    }
    output += kind === 'sentence' ? placeTags(text, translations[used++] ?? text, own, escape) : interleave(text, own, escape)
    start = end
  }
  return output + tags.slice(tag).map(({ raw }) => raw).join('')
}

function tagsOf(runs: readonly Run[]): InnerTag[] {
  const tags: InnerTag[] = []
  let offset = 0
  for (const run of runs) {
    if (run.kind === 'text') offset += run.text.length
    else tags.push({ raw: run.raw, role: run.role, offset, word: run.word === true })
  }
  return tags
}

/** Tags at their very offsets. */
function interleave(text: string, tags: readonly InnerTag[], escape: (text: string) => string): string {
  let written = 0
  let output = ''
  for (const { raw, offset } of tags) {
    output += escape(text.slice(written, offset)) + raw
    written = offset
  }
  return output + escape(text.slice(written))
}
