import type { LiveStatus } from '@/lib/contract/admin'

export interface WorkerRates {
  sampledPerSecond: number
  promptPerSecond: number
  /** Sequences decoded together, on the average of the steps; null where there was no step. */
  batch: number | null
}

/** What a worker did between two looks; null where it was started anew in between, or says nothing of it. */
export function ratesBetween(before: LiveStatus, after: LiveStatus): WorkerRates | null {
  const [one, two] = [before.worker.activity, after.worker.activity]
  const seconds = (after.at - before.at) / 1000
  if (one === null || two === null || one.startedAt !== two.startedAt || seconds <= 0) return null
  const steps = two.steps - one.steps
  const sampled = two.sampledTokens - one.sampledTokens
  return {
    sampledPerSecond: sampled / seconds,
    promptPerSecond: (two.promptTokens - one.promptTokens) / seconds,
    batch: steps === 0 ? null : sampled / steps,
  }
}
