import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Scheduler } from './scheduler'
import type { Schedulable } from './scheduler'

interface TestJob extends Schedulable {
  id: number
  rows: number
  pendingTokens: number
  stepsLeft: number
}

const model = { name: 'one' }

function job(id: number, fields: Partial<TestJob> = {}): TestJob {
  return { id, model, rows: 1, reach: 10, cacheBytesPerToken: 1, pendingTokens: 5, chunkLimit: Infinity, stepsLeft: 3, ...fields }
}

/** Plays the engine: prompts are read as planned, then every choice of the model says a token. */
function play(scheduler: Scheduler<TestJob>, budget: number): TestJob[] {
  const plan = scheduler.plan(() => budget)
  if (plan === null) return []
  for (const { job, tokens } of plan.prefill) job.pendingTokens -= tokens
  const done = scheduler.activeOf(plan.model).filter((active) => active.pendingTokens === 0 && --active.stepsLeft === 0)
  for (const finished of done) scheduler.remove(finished)
  return done
}

describe('the scheduler', () => {
  it('reads a long prompt in chunks of the budget, and the next one with what is left', () => {
    const scheduler = new Scheduler<TestJob>({ maxSequences: 4, cacheBytes: 1000 })
    const long = job(1, { pendingTokens: 25 })
    const short = job(2, { pendingTokens: 3 })
    scheduler.add(long)
    scheduler.add(short)
    expect(scheduler.plan(() => 20)?.prefill).toEqual([{ job: long, tokens: 20 }])
    long.pendingTokens = 5
    expect(scheduler.plan(() => 20)?.prefill).toEqual([{ job: long, tokens: 5 }, { job: short, tokens: 3 }])
  })

  it('never reads more of a request in a step than its own limit', () => {
    const scheduler = new Scheduler<TestJob>({ maxSequences: 4, cacheBytes: 1000 })
    scheduler.add(job(1, { pendingTokens: 25, chunkLimit: 8 }))
    expect(scheduler.plan(() => 20)?.prefill).toMatchObject([{ tokens: 8 }])
  })

  it('lets models take turns', () => {
    const scheduler = new Scheduler<TestJob>({ maxSequences: 4, cacheBytes: 1000 })
    const other = { name: 'two' }
    scheduler.add(job(1))
    scheduler.add(job(2))
    scheduler.add(job(3, { model: other }))
    expect([1, 2, 3, 4].map(() => scheduler.plan(() => 1)?.model)).toEqual([model, other, model, other])
  })

  it('keeps a request waiting until slots and memory for its whole length are free', () => {
    const scheduler = new Scheduler<TestJob>({ maxSequences: 4, cacheBytes: 100 })
    const first = job(1, { rows: 3, reach: 30 })
    scheduler.add(first)
    scheduler.add(job(2, { reach: 10 }))
    scheduler.plan(() => 1)
    expect([scheduler.runningCount, scheduler.waitingCount]).toEqual([3, 1])
    first.rows = 2
    scheduler.plan(() => 1)
    expect([scheduler.runningCount, scheduler.waitingCount]).toEqual([3, 0])
  })

  it('knows what could never run', () => {
    const scheduler = new Scheduler<TestJob>({ maxSequences: 4, cacheBytes: 100 })
    expect(scheduler.fits(job(1, { rows: 5 }))).toBe(false)
    expect(scheduler.fits(job(1, { rows: 4, reach: 26 }))).toBe(false)
    expect(scheduler.fits(job(1, { rows: 4, reach: 25 }))).toBe(true)
  })

  it('loses no request, starves none and never passes its limits, whatever comes and goes', () => {
    const arrival = fc.record({
      model: fc.constantFrom({ name: 'one' }, { name: 'two' }),
      rows: fc.integer({ min: 1, max: 4 }),
      reach: fc.integer({ min: 1, max: 20 }),
      pendingTokens: fc.integer({ min: 0, max: 40 }),
      stepsLeft: fc.integer({ min: 1, max: 6 }),
    })
    const action = fc.oneof(arrival, fc.constant('step' as const), fc.record({ cancel: fc.nat({ max: 30 }) }))
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const limits = { maxSequences: 6, cacheBytes: 100 }
        const scheduler = new Scheduler<TestJob>(limits)
        const all: TestJob[] = []
        const gone = new Set<number>()
        const step = (): void => {
          for (const done of play(scheduler, 16)) gone.add(done.id)
          expect(scheduler.runningCount).toBeLessThanOrEqual(limits.maxSequences)
        }
        for (const act of actions) {
          if (act === 'step') {
            step()
          } else if ('cancel' in act) {
            const target = all[act.cancel]
            if (target !== undefined) {
              scheduler.remove(target)
              gone.add(target.id)
            }
          } else {
            const next = job(all.length, act)
            if (!scheduler.fits(next)) continue
            all.push(next)
            scheduler.add(next)
          }
        }
        for (let steps = 0; gone.size < all.length; steps++) {
          if (steps > 5000) throw new Error(`${all.length - gone.size} requests never ended`)
          step()
        }
        expect([scheduler.runningCount, scheduler.waitingCount]).toEqual([0, 0])
        expect(scheduler.plan(() => 16)).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})
