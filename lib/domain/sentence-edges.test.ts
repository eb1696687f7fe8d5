import { expect, test } from 'vitest'
import { withEdgesOf } from './sentence-edges'

test.each([
  ['hello', 'Bonjour.', 'bonjour'],
  ['Hello.', 'bonjour', 'Bonjour.'],
  ['Hello!', 'Bonjour !', 'Bonjour !'],
  ['je pense', 'I think.', 'I think'],
  ['le chat dort', "I'm asleep.", "I'm asleep"],
  ['Wait…', 'Attendez…', 'Attendez…'],
  ['well...', 'Eh bien...', 'eh bien...'],
  ['"Yes."', '« Oui. »', '« Oui. »'],
  ['你好', 'Hello.', 'Hello'],
])('%s over %s gives %s', (source, translation, expected) => {
  expect(withEdgesOf(source, translation)).toBe(expected)
})
