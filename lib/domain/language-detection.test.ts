import { describe, expect, test } from 'vitest'
import { detectLanguage } from './language-detection'

const of = (text: string, candidates: string[]) => detectLanguage(text, candidates).language

describe.each([[['en', 'fr']], [['fr', 'en']], [['en', 'fr', 'de', 'es', 'zh']], [['zh', 'nl', 'it', 'pt', 'es', 'de', 'fr', 'en']]])('among %j', (candidates) => {
  test.each([
    ['en', 'Hello, how are you today?'],
    ['en', 'The weather is nice.'],
    ['en', "Tom's car is red."],
    ['en', 'THANK YOU VERY MUCH'],
    ['fr', "Bonjour, comment allez-vous aujourd'hui ?"],
    ['fr', 'Il fait beau.'],
    ['fr', "L’homme mange une pomme."],
    ['fr', 'MERCI BEAUCOUP'],
    ['de', 'Das Wetter ist schön.'],
    ['es', 'El tiempo es muy bueno.'],
    ['zh', '今天天气很好。'],
  ])('%s: %s', (language, text) => {
    if (candidates.includes(language)) expect(of(text, candidates)).toBe(language)
    else expect(candidates).toContain(of(text, candidates))
  })
})

test('a language that is no candidate is never named', () => {
  expect(of('今天天气很好。', ['en', 'fr'])).toBe('en')
})

test('where nothing decides, the first candidate is meant, and no confidence claimed', () => {
  expect(detectLanguage('12345', ['fr', 'en'])).toEqual({ language: 'fr', confidence: 0 })
})

test('a foreign name does not turn a sentence around', () => {
  expect(of('I met François and Élise at the Café de la Paix yesterday.', ['en', 'fr'])).toBe('en')
})
