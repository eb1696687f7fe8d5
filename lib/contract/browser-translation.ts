import { z } from 'zod'

/** What the translation pages and their server say to each other about documents, glossaries and corrections. */

export const documentStatus = z.enum(['queued', 'translating', 'done', 'error'])

export const documentItem = z.object({
  id: z.string(),
  filename: z.string(),
  source: z.string(),
  target: z.string(),
  status: documentStatus,
  sentencesDone: z.number().int(),
  sentencesTotal: z.number().int(),
  /** An estimate; null where nobody works on it. */
  secondsRemaining: z.number().int().nullable(),
  characters: z.number().int(),
  error: z.string().nullable(),
  remarks: z.array(z.string()),
  createdAt: z.iso.datetime(),
  /** When it is deleted. */
  expiresAt: z.iso.datetime(),
})
export type DocumentItem = z.infer<typeof documentItem>

export const documentItems = z.object({ documents: z.array(documentItem) })

const none = z.literal('').transform(() => null)

export const uploadForm = z.object({
  file: z.instanceof(File, { error: 'Choose a file.' }),
  /** Empty: to be detected. */
  source: z.union([none, z.string()]).default(null),
  target: z.string().min(1, 'Choose a language.'),
  glossary: z.union([none, z.string()]).default(null),
})

export const glossaryItem = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  target: z.string(),
  entryCount: z.number().int(),
  updatedAt: z.iso.datetime(),
})
export type GlossaryItem = z.infer<typeof glossaryItem>

const entry = z.object({ source: z.string().trim(), target: z.string().trim() })
const glossaryName = z.string().trim().min(1, 'Enter a name for the glossary.').max(120, 'Use at most 120 characters.')

export const glossaryDetail = glossaryItem.extend({ entries: z.array(entry) })
export type GlossaryDetail = z.infer<typeof glossaryDetail>

export const createGlossaryBody = z.object({ name: glossaryName, source: z.string(), target: z.string(), entries: z.array(entry) })
export const changeGlossaryBody = z.object({ name: glossaryName, entries: z.array(entry) })

export const correctionBody = z.object({
  source: z.string().min(1).max(20_000),
  sourceLang: z.string(),
  targetLang: z.string(),
  output: z.string().max(40_000),
  correction: z.string().trim().min(1, 'Write how the translation should be.').max(40_000, 'Use at most 40,000 characters.'),
  model: z.string().max(200).nullable(),
})
