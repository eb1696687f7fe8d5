import { z } from 'zod'
import { baseLanguageTag } from './deepl'

/** Glossaries as DeepL's API (v2) has them: one language pair each, unchanged once made. */

export const createGlossaryRequest = z.object({
  name: z.string().trim().min(1, 'is empty').refine((name) => new TextEncoder().encode(name).length <= 1024, 'has more than 1024 bytes'),
  source_lang: baseLanguageTag,
  target_lang: baseLanguageTag,
  entries: z.string(),
  entries_format: z.enum(['tsv', 'csv'], 'is tsv or csv'),
})

export const glossaryObject = z.object({
  glossary_id: z.uuid(),
  name: z.string(),
  ready: z.boolean(),
  /** Lower case. */
  source_lang: z.string(),
  target_lang: z.string(),
  creation_time: z.iso.datetime(),
  entry_count: z.number().int().positive(),
})
export type GlossaryObject = z.infer<typeof glossaryObject>

export const glossaryList = z.object({ glossaries: z.array(glossaryObject) })
export type GlossaryList = z.infer<typeof glossaryList>

export const glossaryLanguagePairs = z.object({ supported_languages: z.array(z.object({ source_lang: z.string(), target_lang: z.string() })) })
export type GlossaryLanguagePairs = z.infer<typeof glossaryLanguagePairs>
