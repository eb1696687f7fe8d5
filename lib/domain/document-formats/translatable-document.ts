import { countCharacters } from '../characters'
import { blockText } from '../markup'
import type { Piece, SplitMode } from '../sentence-segmentation'
import type { TranslatedSentence } from '../tag-placement'
import { translatableBlock, type TranslatableText } from '../translatable-text'
import { rawOf, type DocumentBlock, type ParsedDocument } from './document'

/** A document as the sentences to translate and the way back. */
export interface TranslatableDocument {
  sentences: readonly string[]
  /** Code points of its text, tags and layout not counted. */
  characters: number
  /** Takes one translation a sentence, in their order. */
  assemble: (translations: readonly TranslatedSentence[]) => Promise<AssembledDocument>
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

/**
 * `cutter` makes what cuts a block's text; its pieces joined must be the text. `pause` is called
 * between blocks: a large document takes a while.
 */
export async function translatableDocument(
  { blocks, write }: ParsedDocument,
  cutter: (mode: SplitMode) => (text: string) => Piece[],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<TranslatableDocument> {
  const cutters = new Map((['0', '1', 'nonewlines'] as const).map((mode) => [mode, cutter(mode)]))
  const prepared: { block: DocumentBlock; text: TranslatableText }[] = []
  for (const block of blocks) {
    const text = blockText(block.runs)
    prepared.push({ block, text: translatableBlock(block.runs, cutters.get(block.mode)?.(text) ?? [{ kind: 'gap', text }], block.escape) })
    await pause()
  }
  return {
    sentences: prepared.flatMap(({ text }) => text.sentences),
    characters: blocks.reduce((sum, { runs }) => sum + countCharacters(blockText(runs)), 0),
    async assemble(translations) {
      const left: string[] = []
      const written: string[] = []
      let used = 0
      for (const { block, text } of prepared) {
        const raw = rawOf(block)
        const translated = text.assemble(translations.slice(used, (used += text.sentences.length)))
        const kept = translated === raw || keepsTags(block, translated)
        if (!kept) left.push(blockText(block.runs))
        written.push(translated === raw || !kept ? raw : (block.finish?.(translated) ?? translated))
        await pause()
      }
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
