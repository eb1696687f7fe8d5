import { describe, expect, it } from 'vitest'

import type { LiveStatus } from '@/lib/contract/admin'

import { ratesBetween } from './rates'

function look(at: number, counts: { startedAt?: number; steps: number; promptTokens: number; sampledTokens: number } | null): LiveStatus {
  const activity = counts && { startedAt: 1, memoryBytes: 0, maxRunning: 128, maxWaiting: 256, ...counts }
  return {
    at,
    worker: { status: 'ok', error: null, backend: 'wasm', gpu: false, model: 'm', loaded: [], running: 0, waiting: 0, activity },
    app: { requestsInFlight: 0, startedAt: 0, memoryBytes: 0, sweeper: null },
    database: { holds: 0, heldTokens: 0, overdueHolds: 0, generations: 0 },
  }
}

describe('the rates between two looks', () => {
  const before = look(1000, { steps: 10, promptTokens: 100, sampledTokens: 50 })

  it('are differences by time and by step', () => {
    expect(ratesBetween(before, look(3000, { steps: 20, promptTokens: 300, sampledTokens: 90 }))).toEqual({ sampledPerSecond: 20, promptPerSecond: 100, batch: 4 })
    expect(ratesBetween(before, look(3000, { steps: 10, promptTokens: 100, sampledTokens: 50 }))).toEqual({ sampledPerSecond: 0, promptPerSecond: 0, batch: null })
  })

  it('are unknown over a restart, and where the worker counts nothing', () => {
    expect(ratesBetween(before, look(3000, { startedAt: 2, steps: 1, promptTokens: 1, sampledTokens: 1 }))).toBeNull()
    expect(ratesBetween(before, look(3000, null))).toBeNull()
  })
})
