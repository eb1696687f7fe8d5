import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { AppError } from '@/lib/contract/errors'
import { countCharacters } from '@/lib/domain/characters'
import { detectLanguage } from '@/lib/domain/language-detection'
import { baseLanguage, isKnownTarget } from '@/lib/domain/language-tags'
import { parseMarkup, textOf, type Part } from '@/lib/domain/markup'
import { endsOpen, withEdgesOf } from '@/lib/domain/sentence-edges'
import { fitSentence } from '@/lib/domain/sentence-fitting'
import { segmentText, type Piece, type SplitMode } from '@/lib/domain/sentence-segmentation'
import { plainParts, translatable, type TranslatableText } from '@/lib/domain/translatable-text'
import { longestSentence, sentenceIds, translationFrame, type TranslationFrame } from '@/lib/domain/translation-prompt'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import type { Caller } from './caller'
import { tokensOf } from './metered-completion'
import { withMeter } from './meter'
import { requireFeature } from './require-feature'
import type { Runtime } from './runtime'
import { sentenceRequest, translateSentences, type SentenceJob } from './translate-sentences'

export interface TranslationRequest {
  texts: readonly string[]
  /** null: told from each text. Variants stand for their language. */
  source: string | null
  target: string
  checkpoint: Checkpoint
  /** By default '1', and 'nonewlines' for html. */
  splitSentences?: SplitMode | undefined
  /** Keep the source's letter case at the beginning and its punctuation at the end of sentences. */
  preserveFormatting: boolean
  tagHandling: 'html' | 'xml' | null
  ignoreTags?: readonly string[]
  splittingTags?: readonly string[]
  nonSplittingTags?: readonly string[]
  outlineDetection?: boolean
}

export interface Translation {
  /** ISO 639-1. */
  detectedSource: string
  text: string
  /** Code points of the source, as billed. */
  characters: number
}

/** How sure a detection must be to leave a text as it is, since it seems to be in the target language. */
const SURE = 0.34

/** A text on its way, with its sentences that the model is asked for. */
interface Prepared {
  language: string
  characters: number
  text: TranslatableText
  jobs: SentenceJob[]
}

/**
 * Translates each text, sentence by sentence, all of them together through the worker; what stands
 * between the sentences is kept as it is. A text that is in the target language already comes back
 * as it was. One usage event, whose characters are the code points of the texts.
 *
 * Throws AppError invalid_request on `target_lang` where the model declares no such direction.
 */
export async function translateTexts(
  runtime: Runtime,
  caller: Caller,
  request: TranslationRequest,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Translation[]> {
  await requireFeature('translate')
  const { checkpoint } = request
  const tokenizer = await runtime.tokenizers.of(checkpoint)
  if (tokenizer === null) throw new AppError('invalid_request', `${checkpoint.name} has no tokenizer, so it cannot translate.`, { param: 'model' })
  if (!isKnownTarget(request.target)) throw new AppError('invalid_request', `There is no target language ${request.target}.`, { param: 'target_lang' })
  const prepared = request.texts.map((text) => prepare(tokenizer, request, text))
  const jobs = prepared.flatMap((one) => one.jobs)
  const estimate = {
    model: checkpoint.name,
    feature: 'translate' as const,
    tokens: jobs.reduce((sum, job) => sum + tokensOf(sentenceRequest(checkpoint, job)), 0),
    characters: prepared.reduce((sum, { characters }) => sum + characters, 0),
  }
  return withMeter(runtime.engine, caller, estimate, async (meter) => {
    const translations = await translateSentences(meter, checkpoint, tokenizer, jobs, signal, (done) => onProgress(done, jobs.length))
    meter.characters = estimate.characters
    let used = 0
    return prepared.map(({ language, characters, text, jobs: own }) => {
      const answers = translations.slice(used, (used += own.length))
      return { detectedSource: language, characters, text: text.assemble(finished(text.sentences, answers, request.preserveFormatting)) }
    })
  })
}

/**
 * Where the model had nothing to say, the sentence stays: nothing is lost. A heading, or a part of a
 * long sentence, does not become a sentence of its own, whatever the model made of it.
 */
function finished(sentences: readonly string[], answers: readonly string[], preserveFormatting: boolean): string[] {
  return sentences.map((sentence, index) => {
    const answer = answers[index] ?? ''
    if (answer === '') return sentence
    return preserveFormatting || endsOpen(sentence) ? withEdgesOf(sentence, answer) : answer
  })
}

function prepare(tokenizer: TextTokenizer, request: TranslationRequest, source: string): Prepared {
  const { checkpoint, tagHandling } = request
  const parts = partsOf(request, source)
  const target = baseLanguage(request.target)
  const language = request.source === null ? sourceOf(checkpoint, textOf(parts), target) : baseLanguage(request.source)
  const characters = countCharacters(source)
  if (request.source === null && language === target) {
    return { language, characters, text: { sentences: [], assemble: () => source }, jobs: [] }
  }
  const frame = translationFrame(tokenizer, checkpoint.card, language, target)
  const mode = request.splitSentences ?? (tagHandling === 'html' ? 'nonewlines' : '1')
  const text = translatable(parts, segmenter(tokenizer, checkpoint, language, mode), tagHandling !== null)
  return { language, characters, text, jobs: text.sentences.map((sentence) => asJob(tokenizer, frame, sentence)) }
}

function asJob(tokenizer: TextTokenizer, frame: TranslationFrame, sentence: string): SentenceJob {
  return { frame, ids: sentenceIds(tokenizer, sentence), characters: countCharacters(sentence) }
}

function partsOf(request: TranslationRequest, source: string): Part[] {
  if (request.tagHandling === null) return plainParts(source)
  return parseMarkup(source, {
    kind: request.tagHandling,
    ignoreTags: request.ignoreTags ?? [],
    splittingTags: request.splittingTags ?? [],
    nonSplittingTags: request.nonSplittingTags ?? [],
    outlineDetection: request.outlineDetection ?? true,
  })
}

/**
 * Sentences by the language's rules. One too long for the model's context is cut, and then into
 * pieces well below the limit: the shorter a piece, the less of it a small model leaves out.
 */
function segmenter(tokenizer: TextTokenizer, checkpoint: Checkpoint, language: string, mode: SplitMode): (text: string) => Piece[] {
  const limit = longestSentence(checkpoint.config.positions)
  const within = (tokens: number) => (text: string): boolean => sentenceIds(tokenizer, text).length <= tokens
  const fits = within(limit)
  const fitsWell = within(Math.ceil(limit / 2))
  return (text) =>
    segmentText(text, language, mode).flatMap((piece) => (piece.kind === 'gap' || fits(piece.text) ? [piece] : fitSentence(piece.text, fitsWell)))
}

/**
 * The text's language among those the model knows. A text that may well be in the target language
 * is taken to be in it only where that is clear: short texts are more often meant to be translated.
 */
function sourceOf(checkpoint: Checkpoint, text: string, target: string): string {
  const directions = checkpoint.card?.translation?.directions ?? []
  const sources = [...new Set(directions.flatMap(([from, to]) => (to === target ? [from] : [])))]
  if (sources.length === 0) throw new AppError('invalid_request', `This model does not translate to ${target.toUpperCase()}.`, { param: 'target_lang' })
  const known = [...new Set([...sources, ...directions.flat()])]
  const told = detectLanguage(text, known)
  return told.language === target && told.confidence < SURE ? detectLanguage(text, sources).language : told.language
}
