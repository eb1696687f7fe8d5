import { AppError } from '@/lib/contract/errors'
import { uniform } from '@/workers/model/counter-random'
import { kthLargest, largestIds } from '@/workers/model/largest'

/** How the next token is chosen. All of it works on plain numbers, not on tensors. */
export interface SamplingParams {
  /** 0 takes the likeliest token. */
  temperature: number
  /** 0 keeps every token. */
  topK: number
  /** 1 keeps every token. */
  topP: number
  /** 0 keeps every token. */
  minP: number
  /** Divides positive logits of tokens that occurred, and multiplies negative ones; 1 changes nothing (Keskar et al. 2019). */
  repetitionPenalty: number
  /** Subtracted once from a token that was generated (OpenAI API reference). */
  presencePenalty: number
  /** Subtracted once for each time that a token was generated (OpenAI API reference). */
  frequencyPenalty: number
  /** Added by token id; -100 and below forbid the token. */
  logitBias: ReadonlyMap<number, number>
  seed: number
}

export interface History {
  prompt: readonly number[]
  generated: readonly number[]
}

/** Tokens that may be drawn, by rising id, and their probabilities, which sum to 1. */
export interface Distribution {
  ids: Int32Array
  probs: Float64Array
}

const FORBIDDING_BIAS = -100

function adjust(logits: Float32Array, id: number, change: (logit: number) => number): void {
  const logit = logits[id]
  if (logit !== undefined) logits[id] = change(logit)
}

function countOf(ids: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/**
 * The logits after penalties and bias, in a new array: the repetition penalty once for each distinct
 * token of prompt and answer, as Hugging Face applies it; presence and frequency penalties over the
 * answer; then the bias, under which a forbidden token becomes -Infinity.
 */
export function processLogits(logits: Float32Array, params: SamplingParams, history: History): Float32Array {
  const processed = logits.slice()
  const { repetitionPenalty, presencePenalty, frequencyPenalty, logitBias } = params
  if (repetitionPenalty !== 1) {
    for (const id of new Set([...history.prompt, ...history.generated])) {
      adjust(processed, id, (logit) => (logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty))
    }
  }
  if (presencePenalty !== 0 || frequencyPenalty !== 0) {
    for (const [id, count] of countOf(history.generated)) {
      adjust(processed, id, (logit) => logit - presencePenalty - frequencyPenalty * count)
    }
  }
  for (const [id, bias] of logitBias) adjust(processed, id, (logit) => (bias <= FORBIDDING_BIAS ? -Infinity : logit + bias))
  return processed
}

// Loops with an index, below and in largest.ts: the vocabulary is long, and iterators and callbacks over typed
// arrays cost ten times as much.

/** The id of the largest logit, the lowest id where several are equal. */
function likeliest(processed: Float32Array): number {
  let best = -1
  let bestLogit = -Infinity
  for (let id = 0; id < processed.length; id++) {
    const logit = processed[id] ?? -Infinity
    if (logit > bestLogit) {
      best = id
      bestLogit = logit
    }
  }
  if (best === -1) throw new AppError('invalid_request', 'logit_bias forbids every token.', { param: 'logit_bias' })
  return best
}

/** Tokens by rising id; weights are probabilities up to a factor, the largest of them 1. */
interface Candidates {
  ids: Int32Array
  weights: Float64Array
}

function candidatesOf(processed: Float32Array, threshold: number, temperature: number): Candidates {
  const largest = processed[likeliest(processed)] ?? 0
  const ids = new Int32Array(processed.length)
  const weights = new Float64Array(processed.length)
  let count = 0
  for (let id = 0; id < processed.length; id++) {
    const logit = processed[id] ?? -Infinity
    if (!(logit >= threshold && logit > -Infinity)) continue
    ids[count] = id
    weights[count] = Math.exp((logit - largest) / temperature)
    count++
  }
  return { ids: ids.subarray(0, count), weights: weights.subarray(0, count) }
}

function keep({ ids, weights }: Candidates, wanted: (weight: number, id: number) => boolean): Candidates {
  const kept = { ids: new Int32Array(ids.length), weights: new Float64Array(ids.length) }
  let count = 0
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index] ?? 0
    const weight = weights[index] ?? 0
    if (!wanted(weight, id)) continue
    kept.ids[count] = id
    kept.weights[count] = weight
    count++
  }
  return { ids: kept.ids.subarray(0, count), weights: kept.weights.subarray(0, count) }
}

function sum(weights: Float64Array): number {
  let total = 0
  for (let index = 0; index < weights.length; index++) total += weights[index] ?? 0
  return total
}

/** The fewest likeliest tokens whose probabilities reach `topP`; the one that crosses it stays (Holtzman et al. 2020). */
function keepNucleus(candidates: Candidates, topP: number): Candidates {
  const total = sum(candidates.weights)
  // All tokens with less than (1 - topP) / n each make less than 1 - topP together: the nucleus lies among the
  // others, and only those are sorted.
  const floor = (total * (1 - topP)) / candidates.ids.length
  const likely = keep(candidates, (weight) => weight >= floor)
  const falling = likely.weights.slice().sort().reverse()
  let mass = 0
  let kept = 0
  while (kept < falling.length && (kept === 0 || mass < total * topP)) mass += falling[kept++] ?? 0
  const lowest = falling[kept - 1] ?? 0
  // Of tokens as likely as the last one, those with the lower ids.
  let equals = kept - falling.indexOf(lowest)
  return keep(likely, (weight) => weight > lowest || (weight === lowest && equals-- > 0))
}

/**
 * What `sample` draws from: the processed logits after temperature, top_k, top_p and min_p, in this
 * order. The temperature is not 0. As in Hugging Face's top_k, tokens equal to the last that is kept stay too.
 */
export function distributionOf(processed: Float32Array, params: SamplingParams): Distribution {
  const limited = params.topK > 0 && params.topK < processed.length
  let candidates = candidatesOf(processed, limited ? kthLargest(processed, params.topK) : -Infinity, params.temperature)
  if (params.topP < 1) candidates = keepNucleus(candidates, params.topP)
  if (params.minP > 0) candidates = keep(candidates, (weight) => weight >= params.minP)
  const total = sum(candidates.weights)
  return { ids: candidates.ids, probs: candidates.weights.map((weight) => weight / total) }
}

/**
 * Chooses the next token from the model's raw logits. The draw is the inverse of the cumulative
 * distribution, over rising ids, at a number that depends on (seed, choice, position) alone; so the same
 * request gives the same tokens whatever else is in the batch, also when another worker resumes it.
 * Throws AppError invalid_request where the bias leaves no token.
 */
export function sample(logits: Float32Array, params: SamplingParams, history: History, key: { choice: number; position: number }): number {
  const processed = processLogits(logits, params, history)
  if (params.temperature === 0) return likeliest(processed)
  const { ids, probs } = distributionOf(processed, params)
  let rest = uniform(params.seed, key.choice, key.position)
  let index = 0
  while (index < probs.length - 1) {
    rest -= probs[index] ?? 0
    if (rest < 0) break
    index++
  }
  return ids[index] ?? likeliest(processed)
}

/**
 * Log-probability of a token, and the `top` likeliest tokens with theirs, likeliest first: natural
 * logarithms of the softmax of the raw logits, in float64.
 */
export function logprobsOf(logits: Float32Array, id: number, top: number): { logprob: number; top: { id: number; logprob: number }[] } {
  let largest = -Infinity
  for (let token = 0; token < logits.length; token++) largest = Math.max(largest, logits[token] ?? -Infinity)
  let total = 0
  for (let token = 0; token < logits.length; token++) total += Math.exp((logits[token] ?? -Infinity) - largest)
  const logsumexp = largest + Math.log(total)
  const logprob = (token: number): number => (logits[token] ?? -Infinity) - logsumexp
  return { logprob: logprob(id), top: largestIds(logits, top).map((token) => ({ id: token, logprob: logprob(token) })) }
}
