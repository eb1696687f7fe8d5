import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { countCharacters } from '@/lib/domain/characters'
import type { TermFinder, TermUse } from '@/lib/domain/glossary-terms'
import { baseLanguage } from '@/lib/domain/language-tags'
import { parseMarkup, textOf, type Part } from '@/lib/domain/markup'
import type { SplitMode } from '@/lib/domain/sentence-segmentation'
import { plainParts, translatable, type TranslatableText } from '@/lib/domain/translatable-text'
import type { Caller } from './caller'
import { withMeter } from './meter'
import { moderateInput, moderateWholeOutput } from './moderation'
import { requireFeature } from './require-feature'
import type { Runtime } from './runtime'
import { sentenceTokens, translateSentences, type FinishedSentence, type SentenceJob } from './translate-sentences'
import { detectSource, jobMaker, openTranslator, sentenceCutter, type Translator } from './translation-jobs'

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
  /** Terms that the translations must have; they need a `source`. */
  glossary?: TermFinder | null
}

export interface Translation {
  /** ISO 639-1. */
  detectedSource: string
  text: string
  /** Code points of the source, as billed. */
  characters: number
  /** Glossary terms that the translation had no place for: they stand in it in brackets. */
  inserted: TermUse[]
}

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
  const { checkpoint, target, preserveFormatting, glossary = null } = request
  const translator = await openTranslator(runtime, { checkpoint, target, preserveFormatting, glossary })
  const prepared = request.texts.map((text) => prepare(translator, request, text))
  const jobs = prepared.flatMap((one) => one.jobs)
  const estimate = {
    model: checkpoint.name,
    feature: 'translate' as const,
    ...(await sentenceTokens(checkpoint, translator.tokenizer, jobs)),
    characters: prepared.reduce((sum, { characters }) => sum + characters, 0),
  }
  const { policy } = await moderateInput(caller, request.texts, 'text')
  return withMeter(runtime.engine, caller, estimate, async (meter) => {
    const sentences: FinishedSentence[] = []
    let done = 0
    for await (const { index, sentence } of translateSentences(meter, checkpoint, translator.tokenizer, jobs, signal)) {
      sentences[index] = sentence
      onProgress(++done, jobs.length)
    }
    meter.characters = estimate.characters
    let used = 0
    const translations = prepared.map(({ language, characters, text, jobs: own }) => {
      const finished = sentences.slice(used, (used += own.length))
      return { detectedSource: language, characters, text: text.assemble(finished), inserted: finished.flatMap(({ inserted }) => inserted) }
    })
    await moderateWholeOutput(caller, policy, translations.map(({ text }) => text))
    return translations
  })
}

function prepare(translator: Translator, request: TranslationRequest, source: string): Prepared {
  const { tagHandling } = request
  const parts = partsOf(request, source)
  const language = request.source === null ? detectSource(translator, textOf(parts)) : baseLanguage(request.source)
  const characters = countCharacters(source)
  if (request.source === null && language === translator.target) {
    return { language, characters, text: { sentences: [], assemble: () => source }, jobs: [] }
  }
  const job = jobMaker(translator, language)
  const mode = request.splitSentences ?? (tagHandling === 'html' ? 'nonewlines' : '1')
  const text = translatable(parts, sentenceCutter(translator, language, mode), tagHandling !== null)
  return { language, characters, text, jobs: text.sentences.map(job) }
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
