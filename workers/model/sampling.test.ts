import { describe, expect, test } from 'vitest'
import { distributionOf, logprobsOf, processLogits, sample } from '@/workers/model/sampling'
import type { Distribution, SamplingParams } from '@/workers/model/sampling'
import { referenceCheckpoints } from '@/workers/model/testing/expected-values'

const PLAIN: SamplingParams = {
  temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, presencePenalty: 0, frequencyPenalty: 0, logitBias: new Map(), seed: 0,
}
const NOTHING = { prompt: [], generated: [] }

const FIELDS = {
  repetition_penalty: 'repetitionPenalty', temperature: 'temperature', top_k: 'topK', top_p: 'topP', min_p: 'minP',
} as const

/** The parameters of a reference entry: those of its name, such as `top_p_0.8`, or those inside `chain`. */
function paramsOf(name: string, entry: Record<string, unknown>): SamplingParams {
  const params = { ...PLAIN }
  for (const [key, field] of Object.entries(FIELDS)) {
    const value = name === 'chain' ? entry[key] : name.startsWith(`${key}_`) ? Number(name.slice(key.length + 1)) : undefined
    if (typeof value === 'number') params[field] = value
  }
  return params
}

function probabilities({ ids, probs }: Distribution): Map<number, number> {
  return new Map(Array.from(ids, (id, index) => [id, probs[index] ?? NaN]))
}

for (const { name: checkpoint, expected } of referenceCheckpoints()) {
  const { context, raw_logits: rawLogits, ...processors } = expected.processors
  describe(`processors on ${checkpoint}`, () => {
    for (const [name, entry] of Object.entries(processors)) {
      test(`${name} keeps the reference's tokens with its probabilities`, () => {
        const params = paramsOf(name, entry)
        expect(params).not.toEqual(PLAIN)
        const kept = probabilities(distributionOf(processLogits(Float32Array.from(rawLogits), params, { prompt: context, generated: [] }), params))
        const ids = entry.ids ?? [...entry.probs.keys()]
        expect([...kept.keys()].sort((a, b) => a - b)).toEqual([...ids].sort((a, b) => a - b))
        ids.forEach((id, index) => expect(Math.abs((kept.get(id) ?? NaN) - (entry.probs[index] ?? NaN))).toBeLessThan(1e-4))
      })
    }
  })
}

describe('processing', () => {
  const logits = Float32Array.of(2, -2, 1, 0.5)

  test('repetition counts each token of prompt and answer once; presence and frequency count the answer alone', () => {
    const history = { prompt: [0, 1, 1], generated: [0, 2, 2] }
    expect([...processLogits(logits, { ...PLAIN, repetitionPenalty: 2 }, history)]).toEqual([1, -4, 0.5, 0.5])
    expect([...processLogits(logits, { ...PLAIN, presencePenalty: 0.5 }, history)]).toEqual([1.5, -2, 0.5, 0.5])
    expect([...processLogits(logits, { ...PLAIN, frequencyPenalty: 0.5 }, history)]).toEqual([1.5, -2, 0, 0.5])
    expect([...logits]).toEqual([2, -2, 1, 0.5])
  })

  test('a bias is added, one of -100 or less forbids, and one beyond the vocabulary does nothing', () => {
    const logitBias = new Map([[0, -100], [1, 3], [2, -99], [9, 100]])
    expect([...processLogits(logits, { ...PLAIN, logitBias }, NOTHING)]).toEqual([-Infinity, 1, -98, 0.5])
  })

  test('top_k keeps equals of its last token, top_p the lower ids of equals, and both at least one token', () => {
    const equal = Float32Array.of(1, 2, 1, 1)
    expect([...distributionOf(equal, { ...PLAIN, topK: 2 }).ids]).toEqual([0, 1, 2, 3])
    expect([...distributionOf(equal, { ...PLAIN, topP: 0.6 }).ids]).toEqual([0, 1])
    expect([...distributionOf(equal, { ...PLAIN, topP: 0 }).ids]).toEqual([1])
    expect([...distributionOf(equal, { ...PLAIN, minP: 1 }).ids]).toEqual([1])
    expect([...distributionOf(equal, { ...PLAIN, topK: 99 }).ids]).toEqual([0, 1, 2, 3])
  })
})

describe('sampling', () => {
  const logits = Float32Array.of(1, 3, 2, 3)

  test('at temperature 0 takes the likeliest token, the lowest id of equals, after bias', () => {
    const greedy = { ...PLAIN, temperature: 0 }
    expect(sample(logits, greedy, NOTHING, { choice: 0, position: 0 })).toBe(1)
    expect(sample(logits, { ...greedy, logitBias: new Map([[1, -100], [3, -100]]) }, NOTHING, { choice: 0, position: 0 })).toBe(2)
  })

  test('draws each token as often as its probability says', () => {
    const draws = 4000
    const counts = new Map<number, number>()
    for (let position = 0; position < draws; position++) {
      const id = sample(logits, { ...PLAIN, seed: 3 }, NOTHING, { choice: 1, position })
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    const wanted = probabilities(distributionOf(logits, PLAIN))
    const chiSquare = [...wanted].reduce((sum, [id, probability]) => sum + ((counts.get(id) ?? 0) - draws * probability) ** 2 / (draws * probability), 0)
    expect(chiSquare).toBeLessThan(16.3) // 0.1 % level at 3 degrees of freedom
  })

  test('never draws a forbidden token, and depends on seed, choice and position alone', () => {
    const params = { ...PLAIN, temperature: 2, logitBias: new Map([[1, -100]]), seed: 11 }
    const draw = (choice: number, position: number) => sample(logits, params, NOTHING, { choice, position })
    const first = Array.from({ length: 200 }, (_, position) => draw(0, position))
    expect(first).not.toContain(1)
    expect(Array.from({ length: 200 }, (_, position) => draw(0, position))).toEqual(first)
    expect(Array.from({ length: 200 }, (_, position) => draw(1, position))).not.toEqual(first)
  })

  test('says so where the bias forbids every token', () => {
    const logitBias = new Map([0, 1, 2, 3].map((id) => [id, -100]))
    for (const temperature of [0, 1]) {
      expect(() => sample(logits, { ...PLAIN, temperature, logitBias }, NOTHING, { choice: 0, position: 0 })).toThrow(/forbids every token/)
    }
  })
})

test('log-probabilities stay finite where the logits are far from zero', () => {
  const { logprob, top } = logprobsOf(Float32Array.of(1000, 1000, -1000), 1, 2)
  expect(logprob).toBeCloseTo(Math.log(0.5), 6)
  expect(top.map((token) => token.id)).toEqual([0, 1])
  expect(logprobsOf(Float32Array.of(1, 2), 0, 0).top).toEqual([])
})
