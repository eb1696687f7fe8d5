import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { liveTensors } from '@/workers/model/backend'
import { Gpt2 } from '@/workers/model/gpt2'
import { KvCache } from '@/workers/model/kv-cache'
import { randomTensors, safetensorsBytes, tinyConfig, withFolder } from '@/workers/model/testing/random-checkpoint'
import { largestDifference, logitsAlone, rowOf, start, TOLERANCE } from '@/workers/model/testing/run-model'

const ids = (least: number) => fc.array(fc.nat(22), { minLength: least, maxLength: 7 })

const shapes = fc.record({
  n_head: fc.constantFrom(1, 2, 4),
  n_layer: fc.integer({ min: 1, max: 3 }),
  n_inner: fc.constantFrom(null, 12),
  activation_function: fc.constantFrom('gelu_new', 'gelu', 'gelu_pytorch_tanh', 'gelu_fast', 'relu', 'silu', 'swish', 'tanh'),
  scale_attn_weights: fc.boolean(),
  scale_attn_by_inverse_layer_idx: fc.boolean(),
  tie_word_embeddings: fc.boolean(),
})

export function describeBatches(): void {
  describe('a batch', () => {
    const config = tinyConfig()
    let model: Gpt2
    beforeAll(async () => {
      const files = { 'model.safetensors': safetensorsBytes(randomTensors(config, 5)) }
      model = await withFolder(files, (dir) => Gpt2.load(dir, config))
    })
    afterAll(() => {
      model.dispose()
    })

    test('of rows of any lengths equals each row alone, in any model', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, fc.array(ids(1), { minLength: 1, maxLength: 4 }), ids(1), fc.nat(), async (shape, prompts, more, seed) => {
          const random = tinyConfig(shape)
          await withFolder({ 'model.safetensors': safetensorsBytes(randomTensors(random, seed)) }, async (dir) => {
            const any = await Gpt2.load(dir, random)
            const cache = KvCache.join(prompts.map((prompt) => start(any, prompt).cache))
            more.forEach((id, step) => {
              const logits = any.decode(prompts.map(() => id), cache)
              prompts.forEach((prompt, row) => {
                const alone = logitsAlone(any, [...prompt, ...more.slice(0, step + 1)])
                const last = rowOf(alone, prompt.length + step, prompt.length + step + 1)
                expect(largestDifference(rowOf(logits, row, prompts.length), last)).toBeLessThan(TOLERANCE)
              })
            })
            cache.dispose()
            any.dispose()
          })
        }),
        { numRuns: 15 },
      )
    })

    test('may gain and lose rows at any step without a change to the others', () => {
      fc.assert(
        fc.property(ids(1), ids(1), ids(1), (a, b, c) => {
          const last = (row: readonly number[]) => rowOf(logitsAlone(model, row), row.length - 1, row.length)
          let cache = KvCache.join([start(model, a).cache, start(model, b).cache])
          model.decode([1, 2], cache)
          cache = KvCache.join([cache, start(model, c).cache])
          model.decode([3, 4, 5], cache)
          cache = cache.select([2, 0])
          expect(cache.columns).toBe(Math.max(c.length + 1, a.length + 2))
          const logits = model.decode([6, 7], cache)
          expect(largestDifference(rowOf(logits, 0, 2), last([...c, 5, 6]))).toBeLessThan(TOLERANCE)
          expect(largestDifference(rowOf(logits, 1, 2), last([...a, 1, 3, 7]))).toBeLessThan(TOLERANCE)
          cache.dispose()
        }),
        { numRuns: 15 },
      )
    })

    test('of choices repeated from one prompt gives each its own continuation', () => {
      const cache = start(model, [3, 1, 4]).cache.repeat(3)
      expect(cache.lengths).toEqual([3, 3, 3])
      const logits = model.decode([5, 6, 7], cache)
      cache.dispose()
      for (const [row, id] of [5, 6, 7].entries()) {
        const alone = rowOf(logitsAlone(model, [3, 1, 4, id]), 3, 4)
        expect(largestDifference(rowOf(logits, row, 3), alone)).toBeLessThan(TOLERANCE)
      }
    })

    test('may join a row that has not begun', () => {
      const cache = KvCache.join([KvCache.empty(config, 1), start(model, [3, 1, 4]).cache, KvCache.empty(config, 0)])
      expect(cache.lengths).toEqual([0, 3])
      const logits = model.decode([9, 2], cache)
      cache.dispose()
      expect(largestDifference(rowOf(logits, 0, 2), logitsAlone(model, [9]))).toBeLessThan(TOLERANCE)
    })

    test('that lost all its rows is empty and can be joined again', () => {
      const none = start(model, [1, 2]).cache.select([])
      expect([none.rows, none.columns, none.bytes]).toEqual([0, 0, 0])
      const cache = KvCache.join([none, start(model, [3]).cache])
      expect(cache.lengths).toEqual([1])
      cache.dispose()
    })

    test('refuses tokens beyond the vocabulary and beyond the positions, and stays usable', () => {
      const { cache } = start(model, [1, 2, 3])
      expect(() => model.decode([23], cache)).toThrow(/token id 23/)
      expect(() => model.prefill(new Array<number>(22).fill(1), cache)).toThrow(/24 positions/)
      expect(() => model.prefill([], cache)).toThrow(/no token/)
      const logits = model.decode([4], cache)
      cache.dispose()
      expect(largestDifference(logits, rowOf(logitsAlone(model, [1, 2, 3, 4]), 3, 4))).toBeLessThan(TOLERANCE)
    })

    test('whose cache was taken over cannot be used by mistake', () => {
      const { cache } = start(model, [1])
      const taker = cache.repeat(2)
      expect(() => model.decode([1], cache)).toThrow(/taken over/)
      expect(() => taker.select([2])).toThrow(/no row 2/)
      taker.dispose()
    })
  })
}

export function describeMemory(): void {
  describe('memory', () => {
    test('loading, decoding, joining, selecting and disposing leave no tensor behind', async () => {
      const config = tinyConfig({ tie_word_embeddings: false })
      const before = liveTensors()
      await withFolder({ 'model.safetensors': safetensorsBytes(randomTensors(config, 6)) }, async (dir) => {
        const model = await Gpt2.load(dir, config)
        const loaded = liveTensors()
        for (let round = 0; round < 20; round++) {
          let cache = KvCache.join([start(model, [1, 2, 3]).cache.repeat(2), start(model, [4]).cache])
          model.decode([1, 2, 3], cache)
          expect(cache.bytes).toBe(3 * 4 * config.embedding * 4 * 2 * config.layers)
          cache = cache.select([2])
          model.decode([5], cache)
          cache.dispose()
          cache.dispose()
          expect(liveTensors()).toBe(loaded)
        }
        model.dispose()
      })
      expect(liveTensors()).toBe(before)
    })

    test('a checkpoint that breaks while it is loaded leaves no tensor behind', async () => {
      const config = tinyConfig()
      const before = liveTensors()
      const tensors = randomTensors(config, 7)
      tensors.delete('h.1.mlp.c_proj.bias')
      await withFolder({ 'model.safetensors': safetensorsBytes(tensors) }, async (dir) => {
        await expect(Gpt2.load(dir, config)).rejects.toThrow(/h\.1\.mlp\.c_proj\.bias/)
      })
      expect(liveTensors()).toBe(before)
    })

    test('a model tells the bytes of its weights', async () => {
      const config = tinyConfig()
      const tensors = randomTensors(config, 8)
      const stored = [...tensors.values()].reduce((sum, tensor) => sum + tensor.data.length, 0)
      await withFolder({ 'model.safetensors': safetensorsBytes(tensors) }, async (dir) => {
        const model = await Gpt2.load(dir, config)
        expect(model.bytes).toBe(stored + 4 * config.vocabSize * config.embedding)
        model.dispose()
      })
    })
  })
}
