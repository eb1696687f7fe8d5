import { expect, test } from 'vitest'
import { DIALOGUE_STOPS, plainDialogue } from './plain-dialogue'

test('a conversation becomes turns and ends with the opened answer', () => {
  const text = plainDialogue([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi ' },
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'How are you?' },
  ])
  expect(text).toBe('Be brief.\n\nUser: Hi\nAssistant: Hello.\nUser: How are you?\nAssistant:')
})

test("the next turn's opening, as the template writes it, ends an answer", () => {
  const [stop = ''] = DIALOGUE_STOPS
  expect(plainDialogue([{ role: 'assistant', content: 'a' }, { role: 'user', content: 'b' }])).toContain(stop)
})
