import { expect, test } from 'vitest'
import { countCharacters } from './characters'

test.each([
  ['', 0],
  ['héllo', 5],
  ['e\u0301', 2],
  ['👩‍💻', 3],
  ['\ud800', 1],
  ['\ud800a', 2],
  ['a\r\nb', 4],
])('%j has %i code points', (text, count) => {
  expect(countCharacters(text)).toBe(count)
  expect(Array.from(text)).toHaveLength(count)
})
