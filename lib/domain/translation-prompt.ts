import type { ModelCard } from '@/lib/contract/checkpoint'
import { AppError } from '@/lib/contract/errors'

/** What a prompt needs of a tokenizer. */
export interface PromptTokenizer {
  encode(text: string, options?: { special?: boolean }): number[]
  idOf(token: string): number | undefined
}

/** The prompt `tag(source) text tag(target)`, by parts. */
export interface TranslationFrame {
  open: number
  close: number
}

/**
 * The tags of a direction that the model declares. Throws AppError invalid_request on `target_lang`
 * where it declares no such direction, model_unavailable where its card names a tag that its
 * vocabulary lacks.
 */
export function translationFrame(tokenizer: PromptTokenizer, card: ModelCard | null, source: string, target: string): TranslationFrame {
  const translation = card?.translation
  if (translation?.directions.some(([from, to]) => from === source && to === target) !== true) {
    throw new AppError('invalid_request', `This model does not translate from ${source.toUpperCase()} to ${target.toUpperCase()}.`, { param: 'target_lang' })
  }
  const idOfTag = (language: string): number => {
    const tag = translation.tags[language]
    const id = tag === undefined ? undefined : tokenizer.idOf(tag)
    if (id === undefined) throw new AppError('model_unavailable', `The model's card declares ${language} without a tag that its vocabulary has.`)
    return id
  }
  return { open: idOfTag(source), close: idOfTag(target) }
}

/** A sentence's own ids: one line, and the spellings of tags in it are plain text. */
export function sentenceIds(tokenizer: PromptTokenizer, sentence: string): number[] {
  return tokenizer.encode(sentence.replace(/\s+/gu, ' ').trim(), { special: false })
}

export function translationPrompt(frame: TranslationFrame, ids: readonly number[]): number[] {
  return [frame.open, ...ids, frame.close]
}

/** The most tokens that a translation of so many may have. */
export function translationBudget(sourceTokens: number): number {
  return 2 * sourceTokens + 16
}

/**
 * The longest sentence, in tokens, that leaves room in the context for a translation half as long
 * again and a few tokens more.
 */
export function longestSentence(positions: number): number {
  return Math.max(1, Math.floor((positions - 10) / 2.5))
}
