import { describe, expect, it } from 'vitest'

import { answeredTurns, titleFrom } from './chat-history'

describe('answeredTurns', () => {
  it('keeps answered questions in order, and a system message', () => {
    const messages = [
      { role: 'system' as const, content: 'Be kind.' },
      { role: 'user' as const, content: 'Hello' },
      { role: 'assistant' as const, content: 'Hi!' },
    ]
    expect(answeredTurns(messages)).toEqual(messages)
  })

  it('leaves out a question whose answer is empty or missing, so that roles alternate', () => {
    const turns = answeredTurns([
      { role: 'user', content: 'Lost' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'Kept' },
      { role: 'assistant', content: 'Yes' },
      { role: 'user', content: 'Open' },
    ])
    expect(turns.map(({ content }) => content)).toEqual(['Kept', 'Yes'])
  })
})

describe('titleFrom', () => {
  it('is the first line, its spaces made single', () => {
    expect(titleFrom('  How   are you?\nAnd your family? ')).toBe('How are you?')
  })

  it('cuts a long line at a word and never within a character', () => {
    expect(titleFrom('word '.repeat(30))).toBe(`${'word '.repeat(11)}word…`)
    expect(titleFrom('😀'.repeat(100))).toBe(`${'😀'.repeat(60)}…`)
  })
})
