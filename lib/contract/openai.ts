import { z } from 'zod'

/**
 * The OpenAI-shaped API: request bodies of `/v1/completions` and `/v1/chat/completions` and every
 * body that is answered. Fields that OpenAI has and Parley has no use for are let through unread;
 * those that would change an answer and are not supported are refused by name.
 */

const tokenId = z.number().int().nonnegative()

/** OpenAI's clients send null for a field that is not set. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null)

const unsupported = (what: string) => z.null(`${what} is not supported`).optional()

const stop = z
  .union([z.string().min(1).transform((text) => [text]), z.array(z.string().min(1)).max(4)], {
    error: 'give one stop sequence or up to four, none of them empty',
  })
  .nullish()
  .transform((value) => value ?? [])

const logitBias = z
  .record(z.string(), z.number())
  .refine((bias) => Object.keys(bias).every((key) => /^\d{1,9}$/.test(key)), 'keys are token ids')
  .refine((bias) => Object.values(bias).every((value) => Math.abs(value) <= 100), 'values lie between -100 and 100')
  .nullish()
  .transform((value) => value ?? {})

const sampling = {
  model: z.string().min(1),
  n: z.number().int().min(1).max(128).nullish().transform((value) => value ?? 1),
  temperature: z.number().min(0).max(2).nullish().transform((value) => value ?? 1),
  top_p: z.number().min(0).max(1).nullish().transform((value) => value ?? 1),
  /** 0 and -1 keep every token. */
  top_k: z.number().int().min(-1).nullish().transform((value) => Math.max(value ?? 0, 0)),
  presence_penalty: z.number().min(-2).max(2).nullish().transform((value) => value ?? 0),
  frequency_penalty: z.number().min(-2).max(2).nullish().transform((value) => value ?? 0),
  logit_bias: logitBias,
  stop,
  seed: optional(z.number().int()),
  stream: z.boolean().nullish().transform((value) => value ?? false),
  stream_options: optional(z.object({ include_usage: z.boolean().nullish() })),
  user: optional(z.string()),
}

const streamOptionsNeedStream = {
  check: (body: { stream: boolean; stream_options: object | null }) => body.stream || body.stream_options === null,
  fault: { path: ['stream_options'], message: "is only allowed when 'stream' is true" },
}

const prompt = z.union(
  [
    z.string().transform((text): (string | number[])[] => [text]),
    z.array(z.string()).min(1).max(256),
    z.array(tokenId).min(1).transform((ids) => [ids]),
    z.array(z.array(tokenId).min(1)).min(1).max(256),
  ],
  { error: 'give a text, a list of up to 256 texts, token ids (whole numbers from 0) or a list of such lists; no list may be empty' },
)

export const completionRequest = z
  .object({
    ...sampling,
    /** Canonical: one entry a prompt, text or token ids. */
    prompt,
    max_tokens: optional(z.number().int().min(0)),
    logprobs: optional(z.number().int().min(0).max(20)),
    echo: z.boolean().nullish().transform((value) => value ?? false),
    best_of: optional(z.number().int().min(1)),
    suffix: optional(z.string()),
  })
  .refine(streamOptionsNeedStream.check, streamOptionsNeedStream.fault)
  .refine((body) => body.best_of === null || body.best_of === body.n, { path: ['best_of'], message: 'is only supported where it equals n' })
  .refine((body) => body.suffix === null || body.suffix === '', { path: ['suffix'], message: 'is not supported' })

export type CompletionRequest = z.infer<typeof completionRequest>

const textPart = z.object({ type: z.literal('text', 'only parts of type text are supported'), text: z.string() })

const messageContent = z.union(
  [z.string(), z.array(textPart).transform((parts) => parts.map((part) => part.text).join(''))],
  { error: 'give a text or a list of parts of type text' },
)

export const chatMessage = z.object({
  role: z
    .enum(['system', 'developer', 'user', 'assistant'], 'the role is one of system, developer, user and assistant')
    .transform((role) => (role === 'developer' ? ('system' as const) : role)),
  content: messageContent,
})

export const chatRequest = z
  .object({
    ...sampling,
    messages: z.array(chatMessage).min(1).max(2048),
    max_tokens: optional(z.number().int().min(1)),
    max_completion_tokens: optional(z.number().int().min(1)),
    logprobs: z.boolean().nullish().transform((value) => value ?? false),
    top_logprobs: optional(z.number().int().min(0).max(20)),
    response_format: optional(z.object({ type: z.literal('text', 'only text is supported') })),
    tools: z.union([z.array(z.never(), 'tools are not supported'), z.null()], { error: 'tools are not supported' }).optional(),
    functions: unsupported('functions'),
    audio: unsupported('audio'),
  })
  .refine(streamOptionsNeedStream.check, streamOptionsNeedStream.fault)
  .refine((body) => body.logprobs || body.top_logprobs === null, { path: ['top_logprobs'], message: "needs 'logprobs' to be true" })

export type ChatRequest = z.infer<typeof chatRequest>

const count = z.number().int().nonnegative()

export const usageBlock = z.object({ prompt_tokens: count, completion_tokens: count, total_tokens: count })
export type UsageBlock = z.infer<typeof usageBlock>

/** `content_filter`: the organisation's moderation policy ended the answer. */
const finishReason = z.enum(['stop', 'length', 'content_filter'])
export type FinishReason = z.infer<typeof finishReason>

/** `/v1/completions`'s own form; all lists are as long as `tokens`. */
export const legacyLogprobs = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number().nullable()),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()),
  /** In code points, from the start of the choice's `text`. */
  text_offset: z.array(count),
})
export type LegacyLogprobs = z.infer<typeof legacyLogprobs>

const completionChoice = z.object({
  index: count,
  text: z.string(),
  /** Parley's extension: the tokens that were generated, end-of-text not among them. */
  token_ids: z.array(tokenId),
  logprobs: legacyLogprobs.nullable(),
  finish_reason: finishReason.nullable(),
})
export type CompletionChoice = z.infer<typeof completionChoice>

const completionHead = {
  id: z.string().startsWith('cmpl-'),
  object: z.literal('text_completion'),
  created: count,
  model: z.string(),
  system_fingerprint: z.string(),
}

export const completionResponse = z.object({
  ...completionHead,
  choices: z.array(completionChoice.extend({ finish_reason: finishReason })),
  usage: usageBlock,
})
export type CompletionResponse = z.infer<typeof completionResponse>

export const completionChunk = z.object({ ...completionHead, choices: z.array(completionChoice), usage: usageBlock.nullable().optional() })
export type CompletionChunk = z.infer<typeof completionChunk>

const plainTokenLogprob = z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.number().int().min(0).max(255)).nullable() })
export const chatTokenLogprob = plainTokenLogprob.extend({ top_logprobs: z.array(plainTokenLogprob) })
export type ChatTokenLogprob = z.infer<typeof chatTokenLogprob>

export const chatLogprobs = z.object({ content: z.array(chatTokenLogprob), refusal: z.null() })
export type ChatLogprobs = z.infer<typeof chatLogprobs>

const chatHead = { id: z.string().startsWith('chatcmpl-'), created: count, model: z.string(), system_fingerprint: z.string() }

export const chatResponse = z.object({
  ...chatHead,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.object({
      index: count,
      message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      logprobs: chatLogprobs.nullable(),
      finish_reason: finishReason,
    }),
  ),
  usage: usageBlock,
})
export type ChatResponse = z.infer<typeof chatResponse>

export const chatChunk = z.object({
  ...chatHead,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.object({
      index: count,
      delta: z.object({ role: z.literal('assistant').optional(), content: z.string().optional() }),
      logprobs: chatLogprobs.nullable(),
      finish_reason: finishReason.nullable(),
    }),
  ),
  usage: usageBlock.nullable().optional(),
})
export type ChatChunk = z.infer<typeof chatChunk>

export const modelObject = z.object({ id: z.string(), object: z.literal('model'), created: count, owned_by: z.string() })
export type ModelObject = z.infer<typeof modelObject>

export const modelList = z.object({ object: z.literal('list'), data: z.array(modelObject) })
export type ModelList = z.infer<typeof modelList>

export const openaiError = z.object({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string().nullable() }),
})
export type OpenaiError = z.infer<typeof openaiError>

const meters = {
  prompt_tokens: count,
  completion_tokens: count,
  characters: count,
  training_tokens: count,
  cost_micros: count,
}

export const USAGE_GROUPS = ['model', 'feature', 'key', 'member'] as const

/** Unix seconds, or a date and time as ISO 8601 has them. */
const moment = z
  .union(
    [
      z.literal('').transform(() => undefined),
      z.string().regex(/^\d{1,11}$/).transform((text) => new Date(Number(text) * 1000)),
      z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => new Date(text)),
    ],
    { error: 'is a time in Unix seconds or ISO 8601' },
  )
  .optional()

/** `GET /v1/usage`: `group_by` is a comma-separated list. */
export const usageQuery = z
  .object({
    start_time: moment,
    end_time: moment,
    group_by: z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim()).filter((name) => name !== ''))
      .pipe(z.array(z.enum(USAGE_GROUPS, `groups are ${USAGE_GROUPS.join(', ')}`)))
      .default([]),
  })
  .refine((query) => query.end_time === undefined || query.start_time === undefined || query.end_time > query.start_time, { path: ['end_time'], message: 'lies after start_time' })
export type UsageQuery = z.infer<typeof usageQuery>

export const usageResponse = z.object({
  object: z.literal('usage'),
  ...meters,
  data: z.array(
    z.object({
      start_time: count,
      end_time: count,
      results: z.array(
        z.object({ ...meters, model: z.string().optional(), feature: z.string().optional(), key: z.string().nullable().optional(), member: z.string().nullable().optional() }),
      ),
    }),
  ),
})
export type UsageResponse = z.infer<typeof usageResponse>
