import { countCharacters } from '../characters'
import { blockText } from '../markup'
import type { Piece, SplitMode } from '../sentence-segmentation'
import type { TranslatedSentence } from '../tag-placement'
import { translatableBlock } from '../translatable-text'
import { rawOf, type DocumentBlock, type ParsedDocument } from './document'

/** A document as the sentences to translate and the way back. */
export interface TranslatableDocument {
  sentences: readonly string[]
  /** Code points of its text, tags and layout not counted. */
  characters: number
  /** Takes one translation a sentence, in their order. */
  assemble: (translations: readonly TranslatedSentence[]) => AssembledDocument
}

export interface AssembledDocument {
  file: Uint8Array
  /** The texts of blocks that were left as they are, since a placeholder or tag would have been lost. */
  left: string[]
}

/** The text by which a document's language is told. */
export function documentText({ blocks }: ParsedDocument): string {
  return blocks.map(({ runs }) => blockText(runs)).join('\n')
}

/** `cutter` makes what cuts a block's text; its pieces joined must be the text. */
export function translatableDocument({ blocks, write }: ParsedDocument, cutter: (mode: SplitMode) => (text: string) => Piece[]): TranslatableDocument {
  const prepared = blocks.map((block) => ({ block, text: translatableBlock(block.runs, cutter(block.mode)(blockText(block.runs)), block.escape) }))
  return {
    sentences: prepared.flatMap(({ text }) => text.sentences),
    characters: blocks.reduce((sum, { runs }) => sum + countCharacters(blockText(runs)), 0),
    assemble(translations) {
      const left: string[] = []
      let used = 0
      const written = prepared.map(({ block, text }) => {
        const translated = text.assemble(translations.slice(used, (used += text.sentences.length)))
        const raw = rawOf(block)
        if (translated === raw) return raw
        if (keepsTags(block, translated)) return block.finish?.(translated) ?? translated
        left.push(blockText(block.runs))
        return raw
      })
      return { file: write(written), left }
    },
  }
}

/** Whether every tag and placeholder of the block stands in what was written, in their order. */
function keepsTags({ runs }: DocumentBlock, written: string): boolean {
  let position = 0
  for (const run of runs) {
    if (run.kind !== 'tag') continue
    const found = written.indexOf(run.raw, position)
    if (found < 0) return false
    position = found + run.raw.length
  }
  return true
}
