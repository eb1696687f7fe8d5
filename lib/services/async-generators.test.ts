import { expect, test } from 'vitest'
import { flatMapped, merged } from './async-generators'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('all of what the sources yield comes, with no more of them running than allowed', async () => {
  let running = 0
  let most = 0
  const sources = Array.from({ length: 7 }, (_, source) => async function* () {
    most = Math.max(most, ++running)
    for (let item = 0; item < 3; item++) {
      await turn()
      yield [source, item]
    }
    running--
  })
  const seen: number[][] = []
  for await (const item of merged(sources, 3, () => undefined)) seen.push(item)
  expect(most).toBe(3)
  expect(seen).toHaveLength(21)
  for (let source = 0; source < 7; source++) expect(seen.filter(([from]) => from === source).map(([, item]) => item)).toEqual([0, 1, 2])
})

test.each(['a source that throws', 'a reader that leaves'])('%s ends the others, and they are waited for', async (why) => {
  const stop = new AbortController()
  const ended: string[] = []
  const patient = async function* () {
    try {
      yield 'first'
      while (!stop.signal.aborted) await turn()
    } finally {
      ended.push('patient')
    }
  }
  const hasty = async function* () {
    await turn()
    await turn()
    if (why === 'a source that throws') throw new Error('broken')
    yield 'second'
  }
  const read = async () => {
    for await (const item of merged<string>([patient, hasty], 2, () => stop.abort())) if (item === 'second') break
  }
  if (why === 'a source that throws') await expect(read()).rejects.toThrow('broken')
  else await read()
  expect(ended).toEqual(['patient'])
})

test('a mapped generator keeps its result, and ends its source when it is left', async () => {
  let ended = 0
  const source = async function* () {
    try {
      yield 1
      await turn()
      yield 2
      return 'result'
    } finally {
      ended++
    }
  }
  const doubled = flatMapped(source(), (item) => [item, item])
  const items: number[] = []
  let step = await doubled.next()
  for (; step.done !== true; step = await doubled.next()) items.push(step.value)
  expect([items, step.value, ended]).toEqual([[1, 1, 2, 2], 'result', 1])
  const left = flatMapped(source(), (item) => [item])
  await left.next()
  await left.return('left')
  expect(ended).toBe(2)
})
