import { expect, test } from 'vitest'
import { remainingTime } from './remaining-time'

test.each([
  [0, 'done in a moment'],
  [6, 'about 10 seconds left'],
  [54, 'about 55 seconds left'],
  [55, 'about a minute left'],
  [91, 'about 2 minutes left'],
  [3599, 'about an hour left'],
  [7300, 'about 2 hours left'],
])('%i seconds are "%s"', (seconds, words) => {
  expect(remainingTime(seconds)).toBe(words)
})
