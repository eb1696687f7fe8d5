import { appendChunks } from '@/lib/db/generation-chunks'
import type { Lease } from '@/lib/db/generations'

export const LEASE_SECONDS = 8

/** How long tokens gather before they are stored and thereby shown. */
const GATHER_MS = 120

/** How often an idle writer renews its lease and looks whether it was asked to stop. */
const RENEW_MS = 500

interface Pending {
  choice: number
  text: string
  tokenIds: number[]
}

/**
 * Stores what a generation says, under its lease, several tokens at a time. `onInterrupt` is called once, when
 * the person asked to stop, the lease went to another process, or the database failed.
 */
export class ChunkWriter {
  #pending: Pending[] = []
  #writing: Promise<void> | null = null
  #lastWrite = 0
  #state: 'open' | 'stopped' | 'lost' | 'failed' = 'open'
  #failure: unknown = null
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly lease: Lease,
    private readonly onInterrupt: () => void,
  ) {
    this.#timer = setInterval(() => this.#tick(), GATHER_MS)
  }

  /** Whether the person asked to stop. */
  get stopped(): boolean {
    return this.#state === 'stopped'
  }

  push(choice: number, text: string, tokenIds: readonly number[]): void {
    if (text === '' && tokenIds.length === 0) return
    const last = this.#pending.find((pending) => pending.choice === choice)
    if (last === undefined) this.#pending.push({ choice, text, tokenIds: [...tokenIds] })
    else {
      last.text += text
      last.tokenIds.push(...tokenIds)
    }
    // The first words are shown at once, and what follows them gathers.
    if (Date.now() - this.#lastWrite >= GATHER_MS) this.#tick()
  }

  /** Stores the rest. False: the lease was lost, and the generation is another process's. Throws what the database threw. */
  async close(): Promise<boolean> {
    clearInterval(this.#timer)
    await this.#writing
    if (this.#pending.length > 0) await this.#write()
    if (this.#state === 'failed') throw this.#failure
    return this.#state !== 'lost'
  }

  #tick(): void {
    if (this.#writing !== null) return
    if (this.#pending.length === 0 && Date.now() - this.#lastWrite < RENEW_MS) return
    this.#writing = this.#write().finally(() => {
      this.#writing = null
    })
  }

  async #write(): Promise<void> {
    if (this.#state === 'lost' || this.#state === 'failed') return
    const chunks = this.#pending
    this.#pending = []
    this.#lastWrite = Date.now()
    try {
      const answer = await appendChunks(this.lease, chunks, LEASE_SECONDS)
      if (answer === null) this.#interrupt('lost')
      else if (answer.cancelRequested && this.#state === 'open') this.#interrupt('stopped')
    } catch (error) {
      this.#failure = error
      this.#interrupt('failed')
    }
  }

  #interrupt(state: 'stopped' | 'lost' | 'failed'): void {
    const first = this.#state === 'open'
    this.#state = state
    if (first) this.onInterrupt()
  }
}
