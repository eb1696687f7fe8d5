import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EngineUnderTest } from './testing/engine-under-test'

const greedy = { temperature: 0 }

describe('the engine', () => {
  it('frees slots and memory of a client that has gone by the next step', async () => {
    const test = new EngineUnderTest({ limits: { maxSequences: 2 } })
    const first = await test.submit({ n: 2, max_tokens: 50 })
    const second = await test.submit({ max_tokens: 2 })
    test.engine.step()
    expect([test.engine.running, test.engine.waiting, test.liveCaches]).toEqual([2, 1, 1])
    test.engine.cancel(first.id)
    expect([test.engine.running, test.liveCaches, test.leases]).toEqual([0, 0, 1])
    test.engine.step()
    expect([test.engine.running, test.engine.waiting]).toEqual([1, 0])
    test.run()
    expect([first.answer.ended, first.answer.failure, second.answer.ended, test.leases]).toEqual([0, null, 1, 0])
  })

  it('takes no more requests than its queue holds, and says when to come again', async () => {
    const test = new EngineUnderTest({ limits: { maxSequences: 1, maxWaiting: 3 } })
    const answers = []
    for (let i = 0; i < 5; i++) answers.push((await test.submit({ max_tokens: 2 })).answer)
    expect(answers.map((answer) => answer.failure?.code)).toEqual([undefined, undefined, undefined, 'overloaded', 'overloaded'])
    expect(answers[3]?.failure?.retryAfter).toBeGreaterThan(0)
    test.run()
    expect(answers.map((answer) => answer.ended)).toEqual([1, 1, 1, 0, 0])
  })

  it('counts what it has read and sampled, over choices that end at their first token too', async () => {
    const test = new EngineUnderTest()
    await test.submit({ ...greedy, prompt: [1, 2, 3, 4], n: 3, max_tokens: 5 })
    await test.submit({ ...greedy, prompt: [1, 2], max_tokens: 1 })
    test.run()
    expect(test.engine.counts).toEqual({ steps: 5, promptTokens: 6, sampledTokens: 16 })
  })

  it('serves two models at once, a step each', async () => {
    const test = new EngineUnderTest()
    const one = await test.submit({ ...greedy, max_tokens: 4 })
    const two = await test.submit({ ...greedy, model: 'other', max_tokens: 4 })
    for (let i = 0; i < 4; i++) test.engine.step()
    expect([one.answer.ids().length, two.answer.ids().length]).toEqual([2, 2])
    test.run()
    expect([one.answer.ended, two.answer.ended, test.leases]).toEqual([1, 1, 0])
  })

  it('tells every request of a batch when a step fails, and serves the next', async () => {
    const test = new EngineUnderTest()
    const answers = [(await test.submit({ max_tokens: 9 })).answer, (await test.submit({ max_tokens: 9 })).answer]
    test.engine.step()
    test.tiny.beforeWork = () => {
      throw new Error('out of memory')
    }
    test.engine.step()
    expect(answers.map((answer) => answer.failure?.code)).toEqual(['internal_error', 'internal_error'])
    expect([test.stepErrors.length, test.liveCaches, test.leases, test.engine.running]).toEqual([1, 0, 0, 0])
    test.tiny.beforeWork = () => undefined
    expect((await test.complete({ max_tokens: 3 })).ended).toBe(1)
  })

  it('ends what is running with what it has when it is stopped', async () => {
    const test = new EngineUnderTest()
    const running = await test.submit({ n: 2, max_tokens: 50 })
    test.engine.step()
    const waiting = await test.submit({ max_tokens: 50 })
    test.engine.cancelAll()
    expect([running.answer.finishReasons(0), running.answer.finishReasons(1), waiting.answer.finishReasons()]).toEqual([['cancelled'], ['cancelled'], ['cancelled']])
    expect([running.answer.ended, waiting.answer.ended, test.liveCaches, test.leases]).toEqual([1, 1, 0, 0])
    expect(running.answer.ids()).toHaveLength(1)
  })

  it('loses no request and no memory, and changes no answer, whatever comes, goes and stays', async () => {
    const request = fc.record({
      model: fc.constantFrom('tiny', 'other'),
      prompt: fc.array(fc.nat({ max: 511 }), { minLength: 1, maxLength: 90 }),
      n: fc.integer({ min: 1, max: 3 }),
      max_tokens: fc.nat({ max: 6 }),
      seed: fc.nat({ max: 5 }),
      prompt_logprobs: fc.boolean(),
    })
    const action = fc.oneof({ weight: 3, arbitrary: request }, { weight: 4, arbitrary: fc.constant('step' as const) }, { weight: 1, arbitrary: fc.record({ cancel: fc.nat({ max: 15 }) }) })
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const test = new EngineUnderTest({ limits: { maxSequences: 5 } })
        const sent = []
        const cancelled = new Set<string>()
        for (const act of actions) {
          if (act === 'step') {
            test.engine.step()
          } else if ('cancel' in act) {
            const target = sent[act.cancel]
            if (target === undefined || target.answer.ended > 0) continue
            test.engine.cancel(target.id)
            cancelled.add(target.id)
          } else {
            sent.push({ ...(await test.submit(act)), asked: act })
          }
          expect(test.engine.running).toBeLessThanOrEqual(5)
        }
        test.run()
        expect([test.engine.running, test.engine.waiting, test.liveCaches, test.leases, test.stepErrors]).toEqual([0, 0, 0, 0, []])
        for (const { id, answer, asked } of sent) {
          expect([answer.ended, answer.failure]).toEqual([cancelled.has(id) ? 0 : 1, null])
          if (cancelled.has(id)) continue
          const alone = await new EngineUnderTest().complete(asked)
          for (let index = 0; index < asked.n; index++) expect(answer.ids(index)).toEqual(alone.ids(index))
          expect(answer.events.flatMap((event) => event.prompt_logprobs ?? [])).toEqual(alone.events.flatMap((event) => event.prompt_logprobs ?? []))
        }
      }),
      { numRuns: 25 },
    )
  })
})
