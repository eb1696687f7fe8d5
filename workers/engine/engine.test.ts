import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ErrorCode } from '@/lib/contract/errors'
import type { WorkerCompletionInput } from '@/lib/contract/worker'
import { loadTokenizer } from '@/lib/tokenizer/tokenizer'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { EngineUnderTest } from './testing/engine-under-test'

let tokenizer: TextTokenizer

beforeAll(async () => {
  const loaded = await loadTokenizer(path.join(import.meta.dirname, '../../lib/tokenizer/fixtures/merges-as-pairs'))
  if (loaded === null) throw new Error('no tokenizer')
  tokenizer = loaded
})

const sampled = { temperature: 1, seed: 7 }
const greedy = { temperature: 0 }

describe('a request', () => {
  it('gets max_tokens tokens, one event a step, and one end', async () => {
    const answer = await new EngineUnderTest().complete({ ...greedy, max_tokens: 5 })
    expect(answer.events.map((event) => event.choices.map((choice) => choice.token_ids.length))).toEqual([[1], [1], [1], [1], [1]])
    expect(answer.finishReasons()).toEqual(['length'])
    expect([answer.isAccepted, answer.ended, answer.failure]).toEqual([true, 1, null])
  })

  it('says the same alone, beside others, and with its prompt read in chunks', async () => {
    const requests = [1, 2, 3, 4, 5].map((n) => ({ ...sampled, seed: n, prompt: Array.from({ length: 15 * n }, (_, i) => (i * n) % 512), max_tokens: 20 - n }))
    const alone = await Promise.all(requests.map((request) => new EngineUnderTest().complete(request)))
    let now = 0
    const slow = () => (now += 1000)
    const test = new EngineUnderTest({ clock: slow })
    const together = []
    for (const request of requests) {
      together.push((await test.submit(request)).answer)
      test.engine.step()
    }
    test.run()
    expect(test.tiny.largestBatch).toBe(5)
    expect(together.map((answer) => answer.ids())).toEqual(alone.map((answer) => answer.ids()))
    expect(test.tiny.largestPrefill).toBe(30)
  })

  it('ends when the context is full', async () => {
    const test = new EngineUnderTest()
    const prompt = new Array<number>(90).fill(4)
    const answer = await test.complete({ ...greedy, prompt, max_tokens: 50 })
    expect(answer.ids()).toHaveLength(6)
    expect(answer.finishReasons()).toEqual(['length'])
    const full = await test.complete({ ...greedy, prompt: new Array<number>(96).fill(4), max_tokens: 50 })
    expect([full.ids(), full.finishReasons()]).toEqual([[], ['length']])
  })

  it('is refused when the model cannot take it, with the field named', async () => {
    const test = new EngineUnderTest()
    const cases: [Partial<WorkerCompletionInput>, ErrorCode, string][] = [
      [{ prompt: new Array<number>(97).fill(1) }, 'context_length_exceeded', 'prompt'],
      [{ prompt: [512] }, 'invalid_request', 'prompt'],
      [{ logit_bias: { '512': 1 } }, 'invalid_request', 'logit_bias'],
      [{ stop: ['x'] }, 'invalid_request', 'stop'],
      [{ resume: [[1], [2]] }, 'invalid_request', 'resume'],
      [{ resume: [[1, 2, 3]], max_tokens: 2 }, 'invalid_request', 'resume'],
      [{ n: 17 }, 'invalid_request', 'n'],
    ]
    for (const [input, code, param] of cases) {
      const answer = await test.complete(input)
      expect(answer.failure).toMatchObject({ code, param })
      expect(answer.isAccepted).toBe(false)
    }
    expect(test.leases).toBe(0)
  })

  it('without max_tokens to say ends at once', async () => {
    const test = new EngineUnderTest()
    const answer = await test.complete({ max_tokens: 0, n: 2 })
    expect(answer.events).toEqual([{ choices: [0, 1].map((index) => ({ index, token_ids: [], text: '', logprobs: null, finish_reason: 'length' })) }])
    expect([answer.ended, test.tiny.prefilledTokens, test.leases]).toEqual([1, 0, 0])
  })

  it('fails alone where its bias leaves no token, and the others in its batch go on', async () => {
    const test = new EngineUnderTest()
    const { answer: good } = await test.submit({ ...greedy, max_tokens: 6 })
    test.engine.step()
    const forbidAll = Object.fromEntries(Array.from({ length: 512 }, (_, id) => [String(id), -100]))
    const { answer: bad } = await test.submit({ ...greedy, n: 2, logit_bias: forbidAll })
    test.run()
    expect(bad.failure).toMatchObject({ code: 'invalid_request', param: 'logit_bias' })
    expect([bad.ended, good.ended, good.ids().length, test.liveCaches, test.leases]).toEqual([0, 1, 6, 0, 0])
  })
})

describe('choices', () => {
  it('share the reading of their prompt, and say what they would alone', async () => {
    const test = new EngineUnderTest()
    const prompt = Array.from({ length: 40 }, (_, i) => i + 1)
    const answer = await test.complete({ ...sampled, prompt, n: 4, max_tokens: 6 })
    expect(test.tiny.prefilledTokens).toBe(40)
    const fewer = await new EngineUnderTest().complete({ ...sampled, prompt, n: 2, max_tokens: 6 })
    expect([0, 1].map((index) => answer.ids(index))).toEqual([0, 1].map((index) => fewer.ids(index)))
    expect(new Set([0, 1, 2, 3].map((index) => answer.ids(index).join())).size).toBe(4)
  })

  it('of one request end each by themselves', async () => {
    const test = new EngineUnderTest()
    const first = await test.complete({ ...sampled, n: 3, max_tokens: 8 })
    const stop = first.ids(1)[2] ?? -1
    const second = await test.complete({ ...sampled, n: 3, max_tokens: 8, stop_token_ids: [stop] })
    expect(second.ids(1)).toEqual(first.ids(1).slice(0, first.ids(1).indexOf(stop)))
    expect(second.finishReasons(1)).toEqual(['stop'])
    expect(second.ids(0)).toEqual(first.ids(0))
  })
})

describe('an answer', () => {
  it('ends before an end-of-text token, which is in neither ids nor text nor logprobs', async () => {
    const whole = await new EngineUnderTest({ tokenizer }).complete({ ...greedy, max_tokens: 8, logprobs: 0 })
    const end = whole.ids()[4] ?? -1
    const answer = await new EngineUnderTest({ tokenizer, endTokenIds: [end] }).complete({ ...greedy, max_tokens: 8, logprobs: 0 })
    const expected = whole.ids().slice(0, whole.ids().indexOf(end))
    expect(answer.ids()).toEqual(expected)
    expect(answer.text()).toBe(tokenizer.decode(expected, { skipSpecial: true }))
    expect(answer.logprobs().map((entry) => entry.id)).toEqual(expected)
    expect(answer.finishReasons()).toEqual(['stop'])
  })

  it('goes on past end-of-text where the bias forbids it', async () => {
    const whole = await new EngineUnderTest().complete({ ...greedy, max_tokens: 8 })
    const end = whole.ids()[2] ?? -1
    const answer = await new EngineUnderTest({ endTokenIds: [end] }).complete({ ...greedy, max_tokens: 8, logit_bias: { [String(end)]: -100 } })
    expect(answer.ids()).toHaveLength(8)
    expect(answer.ids()).not.toContain(end)
  })

  it('stops at a sequence that spans tokens: text before it, tokens up to the one that completes it', async () => {
    const test = new EngineUnderTest({ tokenizer })
    for (let seed = 0; seed < 40; seed++) {
      const whole = await test.complete({ temperature: 1, seed, max_tokens: 12 })
      const texts = whole.ids().map((_, index) => tokenizer.decode(whole.ids().slice(0, index + 1), { skipSpecial: true }))
      const seam = texts[5]?.length ?? 0
      const stop = whole.text().slice(seam - 1, seam + 1)
      if (stop.includes('\ufffd') || stop.length < 2) continue
      const answer = await test.complete({ temperature: 1, seed, max_tokens: 12, stop: [stop] })
      expect(answer.text()).toBe(whole.text().slice(0, whole.text().indexOf(stop)))
      expect(answer.ids()).toEqual(whole.ids().slice(0, texts.findIndex((text) => text.includes(stop)) + 1))
      expect(answer.finishReasons()).toEqual(['stop'])
    }
  })

  it('never delivers half a character: its pieces are those of the detokenizer', async () => {
    const test = new EngineUnderTest({ tokenizer })
    const smile = tokenizer.encode('\u{1f600}')
    expect(smile.length).toBeGreaterThan(1)
    // With one id allowed at a time the model is made to say the character's tokens, one after the other.
    const answer = await test.complete({ resume: [smile.slice(0, -1)], max_tokens: smile.length, temperature: 0, logit_bias: { [String(smile.at(-1))]: 100 } })
    expect(answer.text()).toBe('\u{1f600}')
    for (let seed = 0; seed < 20; seed++) {
      const random = await test.complete({ temperature: 1, seed, max_tokens: 30 })
      expect(random.text()).toBe(tokenizer.decode(random.ids(), { skipSpecial: true }))
    }
  })

  it('has no text without a tokenizer, and the same tokens', async () => {
    const without = await new EngineUnderTest().complete({ ...greedy })
    const withText = await new EngineUnderTest({ tokenizer }).complete({ ...greedy })
    expect(without.text()).toBe('')
    expect(without.ids()).toEqual(withText.ids())
  })

  it('reports log-probabilities of its tokens and of the prompt, which come first', async () => {
    const test = new EngineUnderTest()
    const prompt = Array.from({ length: 70 }, (_, i) => (i * 7) % 512)
    const answer = await test.complete({ ...greedy, prompt, max_tokens: 2, logprobs: 2, prompt_logprobs: true })
    const [first, ...rest] = answer.events
    expect(first?.prompt_logprobs?.map((entry) => entry.id)).toEqual(prompt)
    expect(rest.every((event) => event.prompt_logprobs === undefined)).toBe(true)
    const logsoftmax = (tokens: number[], id: number): number => {
      const logits = test.tiny.logitsAfter(tokens)
      return (logits[id] ?? 0) - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
    }
    expect(first?.prompt_logprobs?.[0]).toEqual({ id: prompt[0], logprob: null, top: [] })
    for (const index of [1, 63, 64, 65, 69]) {
      expect(first?.prompt_logprobs?.[index]?.logprob).toBeCloseTo(logsoftmax(prompt.slice(0, index), prompt[index] ?? -1), 5)
      expect(first?.prompt_logprobs?.[index]?.top).toHaveLength(2)
    }
    const [one, two] = answer.logprobs()
    expect(one?.logprob).toBeCloseTo(logsoftmax(prompt, one?.id ?? -1), 5)
    expect(two?.logprob).toBeCloseTo(logsoftmax([...prompt, one?.id ?? -1], two?.id ?? -1), 5)
    expect(two?.top[0]).toMatchObject({ id: two?.id })
  })

  it('evaluates a prompt that fills the context, and says nothing', async () => {
    const prompt = Array.from({ length: 96 }, (_, i) => i)
    const answer = await new EngineUnderTest().complete({ prompt, max_tokens: 0, prompt_logprobs: true })
    expect(answer.events).toHaveLength(1)
    expect(answer.events[0]?.prompt_logprobs).toHaveLength(96)
    expect([answer.ids(), answer.finishReasons(), answer.ended]).toEqual([[], ['length'], 1])
  })
})

describe('a resumed request', () => {
  it('goes on exactly as the first would have, in tokens, text and stop sequences, from any point', async () => {
    const test = new EngineUnderTest({ tokenizer })
    for (const seed of [1, 2, 3]) {
      const asked = { temperature: 1, seed, n: 2, max_tokens: 14, presence_penalty: 0.5, logprobs: 0 }
      const probe = await test.complete(asked)
      const stop = [probe.text(0).slice(-4, -1), probe.text(1).slice(-4, -1)].filter((text) => text !== '')
      const whole = await test.complete({ ...asked, stop })
      for (let cut = 0; cut < 14; cut++) {
        const resume = [0, 1].map((index) => whole.ids(index).slice(0, cut))
        const rest = await test.complete({ ...asked, stop, resume })
        for (const index of [0, 1]) {
          const delivered = whole.deltas(index).slice(0, resume[index]?.length ?? 0)
          expect([...delivered.flatMap((delta) => delta.token_ids), ...rest.ids(index)]).toEqual(whole.ids(index))
          expect(delivered.map((delta) => delta.text).join('') + rest.text(index)).toBe(whole.text(index))
          expect(rest.finishReasons(index)).toEqual(whole.finishReasons(index))
        }
      }
    }
  })
})
