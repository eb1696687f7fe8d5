import { describe, expect, it } from 'vitest'

import { WakeUp } from './wake-up'

const HOUR = 3_600_000

describe('WakeUp', () => {
  it('does not lose a notification that comes before the wait', async () => {
    const wakeUp = new WakeUp()
    wakeUp.notify()
    wakeUp.notify()
    await expect(wakeUp.wait(HOUR, new AbortController().signal)).resolves.toBe(true)
  })

  it('takes several notifications as one', async () => {
    const wakeUp = new WakeUp()
    wakeUp.notify()
    wakeUp.notify()
    await wakeUp.wait(HOUR, new AbortController().signal)
    await expect(wakeUp.wait(0, new AbortController().signal)).resolves.toBe(false)
  })

  it('wakes a wait that is under way', async () => {
    const wakeUp = new WakeUp()
    const waiting = wakeUp.wait(HOUR, new AbortController().signal)
    wakeUp.notify()
    await expect(waiting).resolves.toBe(true)
  })

  it('returns when its signal aborts, before or during the wait', async () => {
    const abort = new AbortController()
    const waiting = new WakeUp().wait(HOUR, abort.signal)
    abort.abort()
    await expect(waiting).resolves.toBe(false)
    await expect(new WakeUp().wait(HOUR, abort.signal)).resolves.toBe(false)
  })
})
