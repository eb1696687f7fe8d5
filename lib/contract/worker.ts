import { z } from 'zod'

/**
 * What the app and a serve worker say to each other: OpenAI's `/v1/completions` over server-sent
 * events, with extension fields. Prompts are token ids; the app renders templates and tokenizes.
 */

const tokenId = z.number().int().nonnegative()

export const workerCompletionRequest = z.object({
  request_id: z.string().min(1),
  model: z.string().min(1),
  prompt: z.array(tokenId).min(1),
  /** Choices from the one prompt. */
  n: z.number().int().min(1).max(128).default(1),
  /** Tokens to generate for each choice, those of `resume` included. */
  max_tokens: z.number().int().nonnegative(),
  temperature: z.number().min(0).max(2).default(1),
  /** 0 keeps every token. */
  top_k: z.number().int().nonnegative().default(0),
  top_p: z.number().min(0).max(1).default(1),
  min_p: z.number().min(0).max(1).default(0),
  repetition_penalty: z.number().positive().default(1),
  presence_penalty: z.number().min(-2).max(2).default(0),
  frequency_penalty: z.number().min(-2).max(2).default(0),
  /** By token id; -100 and below forbid the token. */
  logit_bias: z.record(z.string().regex(/^\d+$/), z.number()).default({}),
  seed: z.number().int().default(0),
  stop: z.array(z.string().min(1)).default([]),
  stop_token_ids: z.array(tokenId).default([]),
  /** Alternatives reported beside each token; null reports none at all. */
  logprobs: z.number().int().min(0).max(20).nullable().default(null),
  /** Also report the log-probability of each token of the prompt. */
  prompt_logprobs: z.boolean().default(false),
  /** Per choice: the tokens already delivered by another worker; they are not sent again. */
  resume: z.array(z.array(tokenId)).optional(),
  tenant: z.string().optional(),
})

export type WorkerCompletionRequest = z.infer<typeof workerCompletionRequest>
export type WorkerCompletionInput = z.input<typeof workerCompletionRequest>

/** Natural logarithms, of the softmax of the unprocessed logits. */
const tokenLogprob = z.object({
  id: tokenId,
  /** null for the first token of a prompt, which nothing predicts. */
  logprob: z.number().nullable(),
  top: z.array(z.object({ id: tokenId, logprob: z.number() })),
})

export type TokenLogprob = z.infer<typeof tokenLogprob>

export const workerFinishReason = z.enum(['stop', 'length', 'cancelled'])

/** One event of the stream, in the order in which tokens were sampled. */
export const workerCompletionEvent = z.object({
  choices: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      /** End-of-text and stop tokens are not among them. */
      token_ids: z.array(tokenId),
      /** The text that became final: never half a character, never part of a stop sequence. */
      text: z.string(),
      logprobs: z.array(tokenLogprob).nullable(),
      finish_reason: workerFinishReason.nullable(),
    }),
  ),
  /** Once, before the first choice, where `prompt_logprobs` was asked for. */
  prompt_logprobs: z.array(tokenLogprob).optional(),
})

export type WorkerCompletionEvent = z.infer<typeof workerCompletionEvent>

/** The body of any answer but 200, and the last event of a stream that failed in its course. */
export const workerError = z.object({
  error: z.object({ code: z.enum(['invalid_request', 'unauthenticated', 'model_not_found', 'model_unavailable', 'overloaded', 'internal_error']), message: z.string() }),
})

export type WorkerError = z.infer<typeof workerError>

export const workerHealth = z.object({
  status: z.enum(['ok', 'starting', 'failed']),
  backend: z.enum(['tensorflow', 'wasm']),
  /** The version of the native library; null on wasm. */
  tensorflow: z.string().nullable(),
  /** Why it does not run on TensorFlow, where it does not. */
  fallback_reason: z.string().nullable(),
  gpu: z.boolean(),
  /** The default model. */
  model: z.string(),
  loaded: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Sequences being decoded and requests waiting. */
  running: z.number().int(),
  waiting: z.number().int(),
  /** Live tensors of the engine; steady under any load. */
  tensors: z.number().int(),
  /** What it has done since it started: what happened between two looks is their difference. A server of another make leaves it out. */
  activity: z
    .object({
      /** Milliseconds since 1970; another value means another process, whose counts began anew. */
      started_at: z.number().int(),
      steps: z.number().int(),
      /** Tokens of prompts that were read. */
      prompt_tokens: z.number().int(),
      /** Tokens that were sampled, ends of text included. */
      sampled_tokens: z.number().int(),
      /** Of the process, as the system counts it. */
      memory_bytes: z.number().int(),
      /** The most sequences that it decodes together, and the most requests that may wait. */
      max_running: z.number().int(),
      max_waiting: z.number().int(),
    })
    .optional(),
  error: z.string().nullable(),
})

export type WorkerHealth = z.infer<typeof workerHealth>
