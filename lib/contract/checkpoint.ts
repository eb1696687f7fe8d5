import { z } from 'zod'

const tokenId = z.number().int().nonnegative()

/** `config.json` of a GPT-2-architecture checkpoint, in both spellings that are found in the wild. */
export const gpt2ConfigSchema = z
  .object({
    model_type: z.literal('gpt2').default('gpt2'),
    vocab_size: z.number().int().positive(),
    n_positions: z.number().int().positive().optional(),
    n_ctx: z.number().int().positive().optional(),
    n_embd: z.number().int().positive(),
    n_layer: z.number().int().positive(),
    n_head: z.number().int().positive(),
    n_inner: z.number().int().positive().nullish(),
    activation_function: z.enum(['gelu_new', 'gelu', 'gelu_pytorch_tanh', 'gelu_fast', 'relu', 'silu', 'swish', 'tanh']).default('gelu_new'),
    layer_norm_epsilon: z.number().positive().default(1e-5),
    scale_attn_weights: z.boolean().default(true),
    scale_attn_by_inverse_layer_idx: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true),
    bos_token_id: tokenId.nullish(),
    eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
    add_cross_attention: z.literal(false).default(false),
  })
  .transform((raw, context) => {
    const positions = raw.n_positions ?? raw.n_ctx
    if (positions === undefined) {
      context.addIssue({ code: 'custom', message: 'neither n_positions nor n_ctx is given', path: ['n_positions'] })
      return z.NEVER
    }
    if (raw.n_embd % raw.n_head !== 0) {
      context.addIssue({ code: 'custom', message: `n_embd ${raw.n_embd} is not a multiple of n_head ${raw.n_head}`, path: ['n_head'] })
      return z.NEVER
    }
    const eos = raw.eos_token_id ?? []
    return {
      vocabSize: raw.vocab_size,
      positions,
      embedding: raw.n_embd,
      layers: raw.n_layer,
      heads: raw.n_head,
      inner: raw.n_inner ?? 4 * raw.n_embd,
      activation: raw.activation_function,
      layerNormEpsilon: raw.layer_norm_epsilon,
      scaleAttention: raw.scale_attn_weights,
      scaleByInverseLayer: raw.scale_attn_by_inverse_layer_idx,
      tied: raw.tie_word_embeddings,
      bosTokenId: raw.bos_token_id ?? null,
      eosTokenIds: typeof eos === 'number' ? [eos] : eos,
    }
  })

export type Gpt2Config = z.infer<typeof gpt2ConfigSchema>

export const languageCode = z.string().regex(/^[a-z]{2,3}$/)

/** `parley.json`: what a checkpoint may be used for. Only declared directions are offered. */
export const modelCardSchema = z.object({
  description: z.string().optional(),
  license: z.string().optional(),
  translation: z
    .object({
      /** [source, target] language codes. */
      directions: z.array(z.tuple([languageCode, languageCode])).min(1),
      /** The special token that opens a text in each language; the target's closes the prompt. */
      tags: z.record(languageCode, z.string()),
    })
    .optional(),
  chat: z
    .object({
      languages: z.array(languageCode).default([]),
      /** Tokens that end an answer beside end-of-text. */
      stop_tokens: z.array(z.string()).default([]),
    })
    .optional(),
  price_class: z.string().default('standard'),
})

export type ModelCard = z.infer<typeof modelCardSchema>
