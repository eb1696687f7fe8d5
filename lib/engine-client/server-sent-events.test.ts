import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventData } from './server-sent-events'

async function read(chunks: Uint8Array[]): Promise<string[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield await Promise.resolve(chunk)
  }
  const events: string[] = []
  for await (const data of eventData(stream())) events.push(data)
  return events
}

describe('server-sent events', () => {
  it('give each event its data, and pass over comments and other fields', async () => {
    const stream = ': waiting\n\nevent: x\ndata: one\n\ndata:two\r\ndata: lines\r\n\r\ndata: unfinished\n'
    expect(await read([Buffer.from(stream)])).toEqual(['one', 'two\nlines'])
  })

  it('are the same however the bytes are cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ''))
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat({ max: 200 })), async (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `data: ${text}\n\n`).join(''))
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
        expect(await read(chunks)).toEqual(texts)
      }),
    )
  })
})
