import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StopChecker } from './stop-checker'

function feed(stops: string[], pieces: string[]): { text: string; stopped: boolean; delivered: string[] } {
  const checker = new StopChecker(stops)
  const delivered: string[] = []
  for (const piece of pieces) {
    const { text, stopped } = checker.push(piece)
    delivered.push(text)
    if (stopped) return { text: delivered.join(''), stopped, delivered }
  }
  return { text: delivered.join('') + checker.flush(), stopped: false, delivered }
}

describe('the stop checker', () => {
  it('delivers the text before a stop sequence that spans pieces, and not the sequence', () => {
    expect(feed(['\nUser:'], ['Hello', '.\n', 'Us', 'er: and'])).toMatchObject({ text: 'Hello.', stopped: true, delivered: ['Hello', '.', '', ''] })
  })

  it('delivers what only looked like a beginning as soon as it cannot be one', () => {
    expect(feed(['abcd'], ['xab', 'c', 'e'])).toMatchObject({ text: 'xabce', stopped: false, delivered: ['x', '', 'abce'] })
  })

  it('delivers at the end what could have gone on to a stop sequence', () => {
    expect(feed(['abcd'], ['xabc'])).toMatchObject({ text: 'xabc', stopped: false, delivered: ['x'] })
  })

  it('takes the first of several sequences, also where they overlap themselves', () => {
    expect(feed(['aab', 'b'], ['xa', 'a', 'a', 'b'])).toMatchObject({ text: 'xa', stopped: true })
  })

  it('without sequences delivers everything at once', () => {
    expect(feed([], ['a', 'b'])).toMatchObject({ text: 'ab', delivered: ['a', 'b'] })
  })

  it('never delivers more than the text before the first piece that completes a sequence, however the text is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u{1f600}'), maxLength: 12 })
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', '\u{1f600}'), minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), fc.array(stop, { maxLength: 3 }), (pieces, stops) => {
        const seen = { whole: '', end: -1 }
        for (const piece of pieces) {
          seen.whole += piece
          const found = stops.map((sequence) => seen.whole.indexOf(sequence)).filter((index) => index >= 0)
          if (found.length > 0) {
            seen.end = Math.min(...found)
            break
          }
        }
        const result = feed(stops, pieces)
        expect(result.stopped).toBe(seen.end >= 0)
        expect(result.text).toBe(seen.end >= 0 ? seen.whole.slice(0, seen.end) : seen.whole)
      }),
      { numRuns: 500 },
    )
  })
})
