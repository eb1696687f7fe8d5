import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { notedStream } from './noted-stream'

/** Yields 1, 2, 3 … with a wait before each, and keeps count of what it has yielded. */
function counter(waits: readonly number[], failure: Error | null = null) {
  const state = { given: 0, noted: 0, notes: 0, ended: false }
  async function* source(): AsyncGenerator<number, void> {
    try {
      for (const wait of waits) {
        await delay(wait)
        state.given += 1
        yield state.given
      }
      if (failure !== null) throw failure
    } finally {
      state.ended = true
    }
  }
  const note = async (): Promise<void> => {
    const given = state.given
    await delay(1)
    state.noted = given
    state.notes += 1
  }
  return { state, source, note }
}

test('nothing is passed on before it was noted, everything is, in order, and notes are few', async () => {
  const { state, source, note } = counter(Array.from({ length: 40 }, () => 2))
  const seen: number[] = []
  for await (const item of notedStream(source(), note, 30)) {
    expect(item).toBeLessThanOrEqual(state.noted)
    seen.push(item)
  }
  expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  expect(state.notes).toBeLessThan(20)
})

test('the first item does not wait for others', async () => {
  const { source, note } = counter([0, 60_000])
  const events = notedStream(source(), note, 50_000)
  expect((await events.next()).value).toBe(1)
})

test('what came before a failure is passed on before the failure is', async () => {
  const { state, source, note } = counter([0, 0, 0], new Error('broken'))
  const seen: number[] = []
  const reading = (async () => {
    for await (const item of notedStream(source(), note, 20)) seen.push(item)
  })()
  await expect(reading).rejects.toThrow('broken')
  expect(seen).toEqual([1, 2, 3])
  expect(state.ended).toBe(true)
})

test('nothing is passed on where it could not be noted, and the source is ended', async () => {
  const { state, source } = counter([0, 0])
  const events = notedStream(source(), () => Promise.reject(new Error('no ledger')), 20)
  await expect(events.next()).rejects.toThrow('no ledger')
  expect(state.ended).toBe(true)
})

test('leaving early ends the source', async () => {
  const { state, source, note } = counter([0, 0, 0])
  for await (const item of notedStream(source(), note, 0)) if (item === 1) break
  expect(state.ended).toBe(true)
})
