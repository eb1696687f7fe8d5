/**
 * Lets one loop sleep until something happened. A call of `notify` between two waits is not lost:
 * the next wait returns at once.
 */
export class WakeUp {
  #pending = false
  #wake: (() => void) | null = null

  readonly notify = (): void => {
    this.#pending = true
    this.#wake?.()
  }

  /** Resolves true when notified, false after `milliseconds` or when `signal` aborts. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#pending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const over = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', over)
          this.#wake = null
          resolve()
        }
        const timer = setTimeout(over, milliseconds)
        signal.addEventListener('abort', over)
        this.#wake = over
      })
    }
    const notified = this.#pending
    this.#pending = false
    return notified
  }
}
