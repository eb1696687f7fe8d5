import { z } from 'zod'

import { ERROR_STATUS, type ErrorCode } from './errors'
import { languageCode } from './checkpoint'

/** What the signed-in pages and their server say to each other. */

const name = (what: string) => z.string().trim().min(1, `Enter ${what}.`).max(80, 'Use at most 80 characters.')
const modelName = z.string().min(1).max(200).optional()

export const signUpBody = z.object({
  name: name('your name'),
  organization: name('the name of your organisation'),
  email: z.string().trim().toLowerCase().pipe(z.email('Enter an e-mail address, such as name@example.com.').max(254)),
  // The upper limit keeps a hashed password from costing a server much time.
  password: z.string().min(8, 'Use at least 8 characters.').max(200, 'Use at most 200 characters.'),
})

export const messageContent = z.string().trim().min(1, 'Write something first.').max(20_000, 'Use at most 20,000 characters.')

export const sendMessageBody = z.object({ content: messageContent, model: modelName })
export const renameConversationBody = z.object({ title: z.string().trim().min(1, 'Enter a title.').max(120, 'Use at most 120 characters.') })
export const regenerateBody = z.object({ model: modelName })

/** A translation's source text, in characters. */
export const TRANSLATION_LIMIT = 20_000

export const translateBody = z.object({
  text: z.string().min(1, 'Enter a text.').max(TRANSLATION_LIMIT, 'Use at most 20,000 characters.'),
  /** null: to be detected. */
  source: languageCode.nullable(),
  target: languageCode,
  model: modelName,
  /** The glossary whose terms must be in it; it needs a source. */
  glossary: z.string().nullish(),
})

export const MAX_DRAFTS = 5

export const writeBody = z.object({
  opening: z.string().min(1, 'Write an opening first.').max(20_000, 'Use at most 20,000 characters.').refine((text) => text.trim() !== '', 'Write an opening first.'),
  drafts: z.number().int().min(1).max(MAX_DRAFTS),
  /** The longest a draft may become, in tokens; it ends earlier where the model's context does. */
  maxTokens: z.number().int().min(1).max(2048),
  temperature: z.number().min(0).max(2),
  model: modelName,
})

/** What a key made on the page may be used for. */
export const apiKeyScope = z.enum(['chat', 'translate', 'usage'])
export type ApiKeyScope = z.infer<typeof apiKeyScope>
/** Hours for which a key that was rotated and its successor both hold: 0 ends it at once. */
export const KEY_OVERLAP_HOURS = { least: 0, usual: 24, most: 30 * 24 } as const

/** As a key's fields are entered: null takes a limit away. */
const apiKeyFields = z.object({
  name: name('a name for the key'),
  scopes: z.array(apiKeyScope).min(1, 'Choose at least one.'),
  /** The moment from which it is refused. */
  expiresAt: z.iso.datetime({ offset: true, error: 'Choose a date.' }).transform((text) => new Date(text)).nullable(),
  requestsPerMinute: z.int('Enter a whole number.').min(1, 'Enter at least 1.').max(1_000_000, 'Enter at most 1,000,000.').nullable(),
  tokenQuota: z.int('Enter a whole number.').min(0, 'Enter at least 0.').max(1_000_000_000_000, 'Enter at most a million million.').nullable(),
})
export const createApiKeyBody = apiKeyFields.partial({ expiresAt: true, requestsPerMinute: true, tokenQuota: true })
export const changeApiKeyBody = apiKeyFields.partial()
export const rotateApiKeyBody = z.object({ overlapHours: z.int().min(KEY_OVERLAP_HOURS.least).max(KEY_OVERLAP_HOURS.most, 'Use at most 720 hours.').default(KEY_OVERLAP_HOURS.usual) })
export const createdApiKey = z.object({ id: z.string(), key: z.string() })

export const updateAccountBody = z.object({ name: name('your name') })
export const updateOrganizationBody = z.object({ name: name('the name of your organisation') })

// The key set of a total table; Object.keys types it as string.
const errorCodes = Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]

export const browserError = z.object({ code: z.enum(errorCodes), message: z.string(), param: z.string().nullable().default(null) })
export type BrowserError = z.infer<typeof browserError>

/** The body of every answer that is not a success. */
export const browserErrorBody = z.object({ error: browserError })

export const answerStatus = z.enum(['running', 'done', 'stopped', 'failed'])
export type AnswerStatus = z.infer<typeof answerStatus>

const generationState = z.object({
  id: z.string(),
  status: answerStatus,
  /** Why it failed, in a sentence. */
  error: z.string().nullable(),
  /** The last chunk that is in the text beside this; the rest follows from there. */
  after: z.number().int(),
})

export const chatMessage = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  /** Of an answer: what became of it. */
  generation: generationState.nullable(),
})
export type ChatMessage = z.infer<typeof chatMessage>

export const conversationMessages = z.object({ id: z.string(), messages: z.array(chatMessage) })

/** What was made: its id, to go on with. */
export const created = z.object({ id: z.string() })

/** Several continuations of one opening; by draft, its text without the opening and why it ended. */
export const drafts = z.object({
  generation: generationState,
  opening: z.string(),
  texts: z.array(z.string()),
  reasons: z.array(z.string().nullable()),
})
export type Drafts = z.infer<typeof drafts>

/** One server-sent event of a generation. A chunk's number is also the event's id. */
export const generationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('chunk'), seq: z.number().int(), choice: z.number().int(), text: z.string() }),
  /** The last event: the whole text of every choice, whatever chunks were seen before. */
  z.object({
    type: z.literal('end'),
    status: answerStatus.exclude(['running']),
    texts: z.array(z.string()),
    reasons: z.array(z.string().nullable()),
    error: z.string().nullable(),
  }),
])
export type GenerationEvent = z.infer<typeof generationEvent>

export const translateEvent = z.discriminatedUnion('type', [
  /** Sentences translated so far. */
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  /** `inserted`: glossary terms that found no place and stand in brackets. */
  z.object({ type: z.literal('result'), text: z.string(), detected: z.string(), inserted: z.array(z.object({ source: z.string(), target: z.string() })) }),
  z.object({ type: z.literal('error'), error: browserError }),
])
export type TranslateEvent = z.infer<typeof translateEvent>
