import { setImmediate } from 'node:timers/promises'

/** How long a long computation may hold up everything else that the process does. */
const HOLD_MS = 10

/** Called between the steps of a long computation, it lets others run every few milliseconds. */
export function breather(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < HOLD_MS) return
    await setImmediate()
    last = performance.now()
  }
}
