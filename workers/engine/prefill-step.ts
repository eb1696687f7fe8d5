import { logprobsOf } from '@/workers/model/sampling'
import type { SequenceCache } from './language-model'
import type { Job, Prefill } from './job'
import type { Sequence } from './sequence'

/** Choices whose prompt was read, with a cache of a row for each. */
export interface ReadyRows<Cache extends SequenceCache<Cache>> {
  job: Job<Cache>
  sequences: Sequence[]
  cache: Cache
}

/** The prompt's tokens after `first` are predicted by the logits [T · V] of those from `first` on. */
function reportPrompt<Cache extends SequenceCache<Cache>>(job: Job<Cache>, first: number, logits: Float32Array): void {
  const { prompt, logprobs } = job.request
  const { vocabSize } = job.loaded.model
  const [opening] = prompt
  if (first === 0 && opening !== undefined) job.promptLogprobs.push({ id: opening, logprob: null, top: [] })
  for (let offset = 0; (offset + 1) * vocabSize <= logits.length; offset++) {
    const id = prompt[first + offset + 1]
    if (id === undefined) return
    job.promptLogprobs.push({ id, ...logprobsOf(logits.subarray(offset * vocabSize, (offset + 1) * vocabSize), id, logprobs ?? 0) })
  }
}

/** Samples the first token of every choice; those that go on get a row each. */
function beginChoices<Cache extends SequenceCache<Cache>>(job: Job<Cache>, prefill: Prefill<Cache>, cache: Cache, logits: Float32Array): ReadyRows<Cache> | null {
  for (const sequence of prefill.sequences) if (!sequence.finished) job.advance(sequence, logits)
  const sequences = prefill.sequences.filter((sequence) => !sequence.finished)
  if (sequences.length > 0) return { job, sequences, cache: sequences.length === 1 ? cache : cache.repeat(sequences.length) }
  cache.dispose()
  return null
}

/**
 * Reads up to `tokens` more tokens of the job's prompts, and adds the choices that have become ready
 * to `ready`, whose holder disposes their caches also where a later reading throws.
 */
export function prefillStep<Cache extends SequenceCache<Cache>>(job: Job<Cache>, tokens: number, ready: ReadyRows<Cache>[]): void {
  const { model } = job.loaded
  let left = tokens
  for (let prefill = job.prefills[0]; prefill !== undefined && left > 0 && job.failure === null; prefill = job.prefills[0]) {
    const chunk = prefill.ids.slice(prefill.done, prefill.done + left)
    const cache = (prefill.cache ??= model.emptyCache())
    const logits = model.prefill(chunk, cache, { allLogits: prefill.reportsPrompt })
    if (prefill.reportsPrompt) reportPrompt(job, prefill.done, logits)
    prefill.done += chunk.length
    left -= chunk.length
    if (prefill.done < prefill.ids.length) return
    const rows = beginChoices(job, prefill, cache, logits.subarray(logits.length - model.vocabSize))
    if (rows !== null) ready.push(rows)
    job.prefills.shift()
  }
}
