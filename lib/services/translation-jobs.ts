import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { AppError } from '@/lib/contract/errors'
import { countCharacters } from '@/lib/domain/characters'
import type { TermFinder } from '@/lib/domain/glossary-terms'
import { detectLanguage } from '@/lib/domain/language-detection'
import { baseLanguage, isKnownTarget } from '@/lib/domain/language-tags'
import { fitSentence } from '@/lib/domain/sentence-fitting'
import { segmentText, type Piece, type SplitMode } from '@/lib/domain/sentence-segmentation'
import { longestSentence, sentenceIds, translationFrame } from '@/lib/domain/translation-prompt'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import type { Runtime } from './runtime'
import type { SentenceJob } from './translate-sentences'

/** What a text or a document is translated with. */
export interface Translator {
  checkpoint: Checkpoint
  tokenizer: TextTokenizer
  /** ISO 639-1. */
  target: string
  glossary: TermFinder | null
  /** Keep the source's letter case at the beginning and its punctuation at the end of sentences. */
  preserveFormatting: boolean
}

/** How sure a detection must be to leave a text as it is, since it seems to be in the target language. */
const SURE = 0.34

/** Throws AppError invalid_request where the model reads no text, or nobody knows the target language. */
export async function openTranslator(
  runtime: Runtime,
  { checkpoint, target, ...rest }: { checkpoint: Checkpoint; target: string; glossary: TermFinder | null; preserveFormatting: boolean },
): Promise<Translator> {
  const tokenizer = await runtime.tokenizers.of(checkpoint)
  if (tokenizer === null) throw new AppError('invalid_request', `${checkpoint.name} has no tokenizer, so it cannot translate.`, { param: 'model' })
  if (!isKnownTarget(target)) throw new AppError('invalid_request', `There is no target language ${target}.`, { param: 'target_lang' })
  return { checkpoint, tokenizer, target: baseLanguage(target), ...rest }
}

/**
 * Sentences by the language's rules. One too long for the model's context is cut, and then into
 * pieces well below the limit: the shorter a piece, the less of it a small model leaves out.
 */
export function sentenceCutter({ tokenizer, checkpoint }: Translator, language: string, mode: SplitMode): (text: string) => Piece[] {
  const limit = longestSentence(checkpoint.config.positions)
  const within = (tokens: number) => (text: string): boolean => sentenceIds(tokenizer, text).length <= tokens
  const fits = within(limit)
  const fitsWell = within(Math.ceil(limit / 2))
  return (text) =>
    segmentText(text, language, mode).flatMap((piece) => (piece.kind === 'gap' || fits(piece.text) ? [piece] : fitSentence(piece.text, fitsWell)))
}

/** Makes jobs of a language's sentences. Throws AppError invalid_request where the model declares no such direction. */
export function jobMaker(translator: Translator, source: string): (sentence: string) => SentenceJob {
  const { checkpoint, tokenizer, target, glossary, preserveFormatting } = translator
  const frame = translationFrame(tokenizer, checkpoint.card, source, target)
  return (text) => ({ text, source, target, frame, uses: glossary?.find(text) ?? [], preserveFormatting, characters: countCharacters(text) })
}

/**
 * The text's language among those the model knows. A text that may well be in the target language
 * is taken to be in it only where that is clear: short texts are more often meant to be translated.
 */
export function detectSource({ checkpoint, target }: Pick<Translator, 'checkpoint' | 'target'>, text: string): string {
  const directions = checkpoint.card?.translation?.directions ?? []
  const sources = [...new Set(directions.flatMap(([from, to]) => (to === target ? [from] : [])))]
  if (sources.length === 0) throw new AppError('invalid_request', `This model does not translate to ${target.toUpperCase()}.`, { param: 'target_lang' })
  const known = [...new Set([...sources, ...directions.flat()])]
  const told = detectLanguage(text, known)
  return told.language === target && told.confidence < SURE ? detectLanguage(text, sources).language : told.language
}
