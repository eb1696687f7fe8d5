import { z } from 'zod'

/**
 * The DeepL-shaped API. Bodies come as forms, where every value is a text and `text` repeats, or as
 * JSON, where they have types; both are read by one schema.
 */

const flag = (otherwise: boolean) =>
  z
    .union([z.boolean(), z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true'), z.literal([0, 1]).transform((digit) => digit === 1)], {
      error: 'is 0 or 1',
    })
    .default(otherwise)

/** Comma-separated in a form, a list in JSON. */
const tagList = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.string())], { error: 'is a list of tag names' })
  .default([])
  .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ''))

export const languageTag = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language code')

/** A language without its variant, in lower case: `EN-GB` is `en`. */
export const baseLanguageTag = languageTag.transform((tag) => tag.split('-', 1)[0]?.toLowerCase() ?? '')

const oneOrMany = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)], { error: 'is a text or a list of texts' })

const splitSentences = z
  .union([z.enum(['0', '1', 'nonewlines']), z.literal([0, 1]).transform((digit) => (digit === 1 ? ('1' as const) : ('0' as const))), z.boolean().transform((on) => (on ? ('1' as const) : ('0' as const)))], {
    error: "is 0, 1 or 'nonewlines'",
  })
  .optional()

const unsupported = z.undefined('is not supported').optional()

export const translateRequest = z
  .object({
    text: oneOrMany,
    source_lang: z
      .union([z.literal('').transform(() => undefined), languageTag])
      .nullish()
      .transform((tag) => tag ?? null),
    target_lang: languageTag,
    split_sentences: splitSentences,
    preserve_formatting: flag(false),
    tag_handling: z.union([z.literal(['', '0']).transform(() => undefined), z.enum(['html', 'xml'])], { error: 'is html or xml' }).nullish(),
    outline_detection: flag(true),
    ignore_tags: tagList,
    splitting_tags: tagList,
    non_splitting_tags: tagList,
    show_billed_characters: flag(false),
    formality: z.enum(['default', 'prefer_more', 'prefer_less'], 'is not supported by this target language').optional(),
    /** Accepted and not used: the model sees one sentence at a time. */
    context: z.string().nullish(),
    model_type: z.enum(['quality_optimized', 'prefer_quality_optimized', 'latency_optimized']).optional(),
    glossary_id: z.string().nullish(),
    glossary_ids: tagList,
    style_id: unsupported,
    translation_memory_id: unsupported,
    custom_instructions: unsupported,
  })
  .refine((body) => body.glossary_id === undefined || body.glossary_id === null || body.source_lang !== null, {
    path: ['source_lang'],
    message: 'is needed with a glossary',
  })

export type TranslateRequest = z.infer<typeof translateRequest>

const count = z.number().int().nonnegative()

export const translateResponse = z.object({
  translations: z.array(
    z.object({
      /** Upper case, without a region. */
      detected_source_language: z.string().regex(/^[A-Z]{2,3}$/),
      text: z.string(),
      billed_characters: count.optional(),
      /** Parley's own: glossary terms that the translation had no place for. They stand in it in brackets. */
      parley_glossary_inserted: z.array(z.object({ source: z.string(), target: z.string() })).optional(),
    }),
  ),
})
export type TranslateResponse = z.infer<typeof translateResponse>

export const languagesQuery = z.object({ type: z.enum(['source', 'target'], 'is source or target').default('source') })

export const languagesResponse = z.array(z.object({ language: z.string(), name: z.string(), supports_formality: z.boolean().optional() }))
export type LanguagesResponse = z.infer<typeof languagesResponse>

export const deeplUsageResponse = z.object({
  character_count: count,
  /** DeepL has no word for "without a limit": then this is 1,000,000,000,000. */
  character_limit: count,
  token_count: count,
  token_limit: count.nullable(),
  start_time: z.iso.datetime(),
  end_time: z.iso.datetime(),
})
export type DeeplUsageResponse = z.infer<typeof deeplUsageResponse>

export const deeplError = z.object({ message: z.string() })
export type DeeplError = z.infer<typeof deeplError>
