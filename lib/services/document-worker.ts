import { claimDocument } from '@/lib/db/document-work'
import { DOCUMENT_LEASE_SECONDS, runDocument } from './run-document'
import type { GenerationContext } from './run-generation'

/** Documents that one process translates at a time; all of their sentences share the worker's batches. */
const MOST_RUNNING = 2

/** Takes documents from the queue for as long as there are any, a few at a time. */
export class DocumentWorker {
  readonly #running = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  #claiming: Promise<void> | null = null
  #again = false

  /** `context` is asked for anew with each document. */
  constructor(private readonly context: () => GenerationContext) {}

  /** There may be something to do. */
  wake(): void {
    this.#again = true
    if (this.#claiming !== null || this.#stop.signal.aborted) return
    this.#claiming = this.#claim()
      .catch((error: unknown) => this.context().report(error, 'documents'))
      .finally(() => {
        this.#claiming = null
        if (this.#again && this.#running.size < MOST_RUNNING) this.wake()
      })
  }

  /** Lets go of what it works on, for another process to go on with, and waits until it has. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#claiming
    await Promise.all(this.#running)
  }

  async #claim(): Promise<void> {
    while (this.#again && this.#running.size < MOST_RUNNING && !this.#stop.signal.aborted) {
      this.#again = false
      const context = this.context()
      const claim = await claimDocument(context.leaseOwner, DOCUMENT_LEASE_SECONDS)
      if (claim === null) continue
      this.#again = true
      const run = runDocument(context, claim, this.#stop.signal)
        .catch((error: unknown) => context.report(error, claim.document.id))
        .finally(() => {
          this.#running.delete(run)
          this.wake()
        })
      this.#running.add(run)
    }
  }
}
