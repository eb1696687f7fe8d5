import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Gpt2 } from '@/workers/model/gpt2'
import { KvCache } from '@/workers/model/kv-cache'
import { logprobsOf } from '@/workers/model/sampling'
import type { ReferenceCheckpoint } from '@/workers/model/testing/expected-values'
import { argmax, largestDifference, logitsAlone, rowOf, start, TOLERANCE } from '@/workers/model/testing/run-model'

/** Greedy decoding of all rows in one batch, whose shorter rows are padded on the left. */
function decodeTogether(model: Gpt2, rows: readonly (readonly number[])[], tokens: number): number[][] {
  const started = rows.map((ids) => start(model, ids))
  const cache = KvCache.join(started.map((row) => row.cache))
  const answers = started.map(({ logits }) => [argmax(logits)])
  for (let step = 1; step < tokens; step++) {
    const logits = model.decode(answers.map((answer) => answer.at(-1) ?? 0), cache)
    answers.forEach((answer, row) => answer.push(argmax(rowOf(logits, row, rows.length))))
  }
  cache.dispose()
  return answers
}

/** A checkpoint answers what the reference implementation answers on it. */
export function describeCheckpoint({ name, dir, config, expected }: ReferenceCheckpoint): void {
  describe(name, () => {
    const { rows } = expected.inputs
    const eos = new Set(config.eosTokenIds)
    let model: Gpt2
    beforeAll(async () => {
      model = await Gpt2.load(dir, config)
    })
    afterAll(() => {
      model.dispose()
    })

    test('whole vectors of logits are the reference', () => {
      const logits = rows.map((ids) => logitsAlone(model, ids))
      for (const { row, position, values } of expected.logits.full) {
        const vector = rowOf(logits[row] ?? new Float32Array(), position, rows[row]?.length ?? 0)
        expect(largestDifference(vector, values)).toBeLessThan(TOLERANCE)
      }
    })

    test('logits at every position are the reference by argmax and sums', () => {
      for (const summary of expected.logits.per_row) {
        const ids = rows[summary.row] ?? []
        const logits = logitsAlone(model, ids)
        ids.forEach((_, position) => {
          const vector = rowOf(logits, position, ids.length)
          if ((summary.top1_minus_top2[position] ?? 0) > TOLERANCE) expect(argmax(vector)).toBe(summary.argmax[position])
          const { logprob } = logprobsOf(vector, 0, 0)
          expect(Math.abs((vector[0] ?? NaN) - logprob - (summary.logsumexp[position] ?? NaN))).toBeLessThan(TOLERANCE)
          const sum = vector.reduce((total, logit) => total + logit, 0)
          const absSum = vector.reduce((total, logit) => total + Math.abs(logit), 0)
          const weighted = vector.reduce((total, logit, id) => total + (logit * id) / config.vocabSize, 0)
          expect(Math.abs(sum - (summary.sum[position] ?? NaN))).toBeLessThan(1e-2)
          expect(Math.abs(absSum / (summary.abs_sum[position] ?? NaN) - 1)).toBeLessThan(1e-4)
          expect(Math.abs(weighted - (summary.id_weighted_mean[position] ?? NaN))).toBeLessThan(1e-2)
        })
      }
    })

    test('a prompt read in chunks equals the prompt read whole', () => {
      for (const ids of rows) {
        const whole = logitsAlone(model, ids)
        const cache = KvCache.empty(config, 1)
        for (let from = 0; from < ids.length; from += 3) {
          const chunk = ids.slice(from, from + 3)
          const logits = model.prefill(chunk, cache, { allLogits: true })
          const wanted = whole.subarray(from * config.vocabSize, (from + chunk.length) * config.vocabSize)
          expect(largestDifference(logits, wanted)).toBeLessThan(TOLERANCE)
        }
        expect(cache.lengths).toEqual([ids.length])
        cache.dispose()
      }
    })

    test('greedy ids are the reference, alone and in one left-padded batch', () => {
      const tokens = expected.greedy.ignoring_eos[0]?.length ?? 0
      expect(rows.map((ids) => decodeTogether(model, [ids], tokens)[0])).toEqual(expected.greedy.ignoring_eos)
      const together = decodeTogether(model, rows, tokens)
      expect(together).toEqual(expected.greedy.ignoring_eos)
      const untilEnd = together.map((answer) => answer.slice(0, (answer.findIndex((id) => eos.has(id)) + 1) || answer.length))
      expect(untilEnd).toEqual(expected.greedy.continuations)
    })

    test('log-probabilities of a given continuation are the reference', () => {
      const { prompt, continuation, token_logprobs: wanted, top5_first_step: top5 } = expected.logprobs
      const ids = [...prompt, ...continuation]
      const logits = logitsAlone(model, ids)
      continuation.forEach((id, index) => {
        const { logprob, top } = logprobsOf(rowOf(logits, prompt.length - 1 + index, ids.length), id, 5)
        expect(Math.abs(logprob - (wanted[index] ?? NaN))).toBeLessThan(TOLERANCE)
        if (index > 0) return
        expect(top.map((token) => token.id)).toEqual(top5.ids)
        top.forEach((token, rank) => expect(Math.abs(token.logprob - (top5.logprobs[rank] ?? NaN))).toBeLessThan(TOLERANCE))
      })
    })

    test('the logits that sampling starts from are the reference', () => {
      const { context, raw_logits: wanted } = expected.processors
      const { logits, cache } = start(model, context)
      cache.dispose()
      expect(largestDifference(logits, wanted)).toBeLessThan(TOLERANCE)
    })
  })
}
