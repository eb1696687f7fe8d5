import { detectLanguage } from '@/lib/domain/language-detection'

import { chatStopTokenIds } from './chat-completion'
import type { TextModel } from './text-model'

export interface DraftPrompt {
  ids: number[]
  /** Tokens that end a draft, beside end-of-text. */
  stopTokenIds: number[]
  /** Whether spaces before a draft's first word are left out. */
  trimStart: boolean
  /** Put before a draft's first word. */
  lead: string
}

const FINISHED = /[.!?…。！？]["'»”’)\]]*\s*$/u

/**
 * What a model goes on from. One that declares translations has learned single sentences, each opened by its
 * language's tag: it is shown the opening's unfinished sentence that way, and its tags end a draft. Any other model
 * is shown the opening as it stands, but for spaces at its end, which a model writes itself before the next word.
 */
export function draftPrompt({ checkpoint, tokenizer }: TextModel, opening: string): DraftPrompt {
  const tags = Object.entries(checkpoint.card?.translation?.tags ?? {}).flatMap(([language, tag]) => {
    const id = tokenizer.idOf(tag)
    return id === undefined ? [] : [{ language, id }]
  })
  const begun = opening.replace(/ +$/, '')
  if (tags.length === 0) {
    return { ids: tokenizer.encode(begun, { special: false }), stopTokenIds: [], trimStart: begun !== opening, lead: '' }
  }
  const { language } = detectLanguage(opening, tags.map((tag) => tag.language))
  const open = tags.filter((tag) => tag.language === language).map(({ id }) => id)
  const stopTokenIds = [...new Set([...tags.map(({ id }) => id), ...chatStopTokenIds(checkpoint, tokenizer)])]
  const spaced = /\s$/.test(opening)
  if (FINISHED.test(opening)) return { ids: open, stopTokenIds, trimStart: true, lead: spaced ? '' : ' ' }
  const sentence = Array.from(new Intl.Segmenter(language, { granularity: 'sentence' }).segment(opening)).at(-1)?.segment.trim() ?? ''
  return { ids: [...open, ...tokenizer.encode(sentence, { special: false })], stopTokenIds, trimStart: spaced, lead: '' }
}
