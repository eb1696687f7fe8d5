import { expect, test } from 'vitest'
import { baseLanguage, isKnownTarget, offeredSources, offeredTargets } from './language-tags'

test('a variant stands for its language, whatever its case', () => {
  expect(['EN-US', 'en-gb', 'EN', 'fr', 'pt-BR'].map(baseLanguage)).toEqual(['en', 'en', 'en', 'fr', 'pt'])
})

test('variants that nobody knows are no targets', () => {
  expect(['EN-US', 'en-gb', 'en', 'FR', 'pt-br'].map(isKnownTarget)).not.toContain(false)
  expect(['EN-XX', 'fr-CA', 'xx-YY'].map(isKnownTarget)).not.toContain(true)
})

test('only declared directions are offered, each language once', () => {
  const directions = [['en', 'fr'], ['fr', 'en'], ['de', 'en']] as const
  expect(offeredSources(directions).map(({ code }) => code)).toEqual(['DE', 'EN', 'FR'])
  expect(offeredTargets(directions)).toEqual([
    { code: 'EN-US', name: 'English (United States)' },
    { code: 'EN-GB', name: 'English (United Kingdom)' },
    { code: 'FR', name: 'French' },
  ])
})
