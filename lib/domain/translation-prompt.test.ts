import { expect, test } from 'vitest'
import type { ModelCard } from '@/lib/contract/checkpoint'
import { longestSentence, sentenceIds, translationBudget, translationFrame, translationPrompt, type PromptTokenizer } from './translation-prompt'

const card: ModelCard = {
  price_class: 'standard',
  translation: { directions: [['en', 'fr'], ['de', 'fr']], tags: { en: '<|en|>', fr: '<|fr|>', de: '<|de|>' } },
}

/** One id a character; tags are known by name alone. */
const tokenizer: PromptTokenizer = {
  encode: (text, options) => {
    expect(options).toEqual({ special: false })
    return Array.from(text, (character) => character.charCodeAt(0))
  },
  idOf: (token) => ({ '<|en|>': 1, '<|fr|>': 2 })[token],
}

test('a prompt is the source tag, the sentence as plain text, the target tag', () => {
  const frame = translationFrame(tokenizer, card, 'en', 'fr')
  expect(translationPrompt(frame, sentenceIds(tokenizer, ' a\n b '))).toEqual([1, 97, 32, 98, 2])
})

test('a direction that is not declared is refused by name', () => {
  expect(() => translationFrame(tokenizer, card, 'fr', 'en')).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'target_lang' }))
  expect(() => translationFrame(tokenizer, null, 'en', 'fr')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
})

test('a card that names a tag which the vocabulary lacks makes the model unavailable', () => {
  expect(() => translationFrame(tokenizer, card, 'de', 'fr')).toThrow(expect.objectContaining({ code: 'model_unavailable' }))
})

test('the longest sentence leaves room for its translation', () => {
  for (const positions of [32, 64, 128, 1024]) {
    const source = longestSentence(positions)
    expect(source + 2 + Math.ceil(1.5 * source)).toBeLessThanOrEqual(positions)
  }
  expect(translationBudget(10)).toBe(36)
})
