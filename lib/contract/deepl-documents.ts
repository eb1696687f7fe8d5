import { z } from 'zod'
import { languageTag } from './deepl'

/** Documents as DeepL's API has them: a file is uploaded, its status asked for, its translation fetched. */

const file = z.instanceof(File, { error: 'is not a file' })
const absent = z.literal('').transform(() => undefined)

export const documentRequest = z.object({
  file,
  /** In place of the file's own name. */
  filename: z.string().max(255).optional(),
  source_lang: z
    .union([absent, languageTag])
    .nullish()
    .transform((tag) => tag ?? null),
  target_lang: languageTag,
  glossary_id: z.string().nullish(),
  glossary_ids: z.string().optional(),
  formality: z.enum(['default', 'prefer_more', 'prefer_less'], 'is not supported by this target language').optional(),
  /** Only that of the file itself. */
  output_format: z.string().toLowerCase().optional(),
  style_id: z.undefined('is not supported').optional(),
  translation_memory_id: z.undefined('is not supported').optional(),
})
export type DocumentUpload = z.infer<typeof documentRequest>

export const documentHandle = z.object({ document_id: z.uuid(), document_key: z.string() })
export type DocumentHandle = z.infer<typeof documentHandle>

export const documentKeyRequest = z.object({ document_key: z.string().min(1) })

export const documentStatusResponse = z.object({
  document_id: z.uuid(),
  status: z.enum(['queued', 'translating', 'done', 'error']),
  /** An estimate, while it is being translated. */
  seconds_remaining: z.number().int().nonnegative().optional(),
  /** Once it is done. */
  billed_characters: z.number().int().nonnegative().optional(),
  error_message: z.string().optional(),
  /** Parley's own: what could not be done as asked, a sentence each. */
  parley_remarks: z.array(z.string()).optional(),
})
export type DocumentStatusResponse = z.infer<typeof documentStatusResponse>
