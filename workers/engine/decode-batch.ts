import type { LanguageModel, SequenceCache } from './language-model'
import type { Job } from './job'
import type { ReadyRows } from './prefill-step'
import type { Sequence } from './sequence'

interface Row<Cache extends SequenceCache<Cache>> {
  job: Job<Cache>
  sequence: Sequence
}

/** The running sequences of one model, a cache row each, decoded together whoever asked for them. */
export class DecodeBatch<Cache extends SequenceCache<Cache>> {
  private rows: Row<Cache>[] = []
  private cache: Cache | null = null

  constructor(private readonly model: LanguageModel<Cache>) {}

  get size(): number {
    return this.rows.length
  }

  add(additions: readonly ReadyRows<Cache>[]): void {
    const caches = additions.map(({ cache }) => cache)
    if (this.cache !== null) caches.unshift(this.cache)
    const [only] = caches
    if (only === undefined) return
    this.cache = caches.length === 1 ? only : this.model.joinCaches(caches)
    for (const { job, sequences } of additions) this.rows.push(...sequences.map((sequence) => ({ job, sequence })))
  }

  /** One more token for every row. */
  decode(): void {
    if (this.cache === null) return
    const logits = this.model.decode(this.rows.map((row) => row.sequence.lastToken), this.cache)
    const { vocabSize } = this.model
    for (const [index, { job, sequence }] of this.rows.entries()) {
      if (!sequence.finished) job.advance(sequence, logits.subarray(index * vocabSize, (index + 1) * vocabSize))
    }
  }

  /** Gives up the rows of sequences that have ended, and those of `gone`. */
  compact(gone: Job<Cache> | null = null): void {
    const staying = this.rows.flatMap((row, index) => (row.sequence.finished || row.job === gone ? [] : [index]))
    if (this.cache === null || staying.length === this.rows.length) return
    if (staying.length === 0) {
      this.dispose()
      return
    }
    this.cache = this.cache.select(staying)
    this.rows = this.rows.filter((row) => !row.sequence.finished && row.job !== gone)
  }

  dispose(): void {
    this.cache?.dispose()
    this.cache = null
    this.rows = []
  }
}
