import { z } from 'zod'

/** What an organisation decides about its own data, and what moderation knows. */

export const moderationMode = z.enum(['off', 'flag', 'block'])
export type ModerationMode = z.infer<typeof moderationMode>

/** The word lists' categories; `profanity` is off unless an organisation turns it on. */
export const MODERATION_CATEGORIES = ['hate', 'sexual', 'violence', 'self_harm', 'profanity'] as const
export const moderationCategory = z.enum(MODERATION_CATEGORIES)
export type ModerationCategory = z.infer<typeof moderationCategory>

export const MAX_OWN_WORDS = 500
export const MAX_WORD_CHARACTERS = 80

const ownWord = z.string().trim().min(2, 'A word has at least 2 characters.').max(MAX_WORD_CHARACTERS, `A word has at most ${MAX_WORD_CHARACTERS} characters.`)

export const moderationPolicy = z.object({
  input: moderationMode,
  output: moderationMode,
  categories: z.array(moderationCategory).transform((names) => [...new Set(names)]),
  words: z
    .array(ownWord)
    .max(MAX_OWN_WORDS, `Use at most ${MAX_OWN_WORDS} words.`)
    .transform((words) => [...new Set(words)]),
})
export type ModerationPolicy = z.infer<typeof moderationPolicy>

/** Of an organisation that never set anything. */
export const DEFAULT_MODERATION: ModerationPolicy = {
  input: 'flag',
  output: 'flag',
  categories: MODERATION_CATEGORIES.filter((category) => category !== 'profanity'),
  words: [],
}

export const MAX_RETENTION_DAYS = 3650

/** PATCH of the privacy page; what is left out stays. */
export const updatePrivacyBody = z
  .object({
    retentionDays: z
      .number('Enter a number of days.')
      .int('Enter whole days.')
      .min(1, 'Keep at least 1 day.')
      .max(MAX_RETENTION_DAYS, `Keep at most ${MAX_RETENTION_DAYS} days, or everything.`)
      .nullable(),
    trainingConsent: z.boolean(),
    moderation: moderationPolicy,
  })
  .partial()
export type UpdatePrivacy = z.infer<typeof updatePrivacyBody>

export const reviewFlagBody = z.object({ reviewed: z.boolean() })

/** The organisation's name typed again, and what confirms the person. */
export const eraseOrganizationBody = z.object({
  name: z.string().trim().min(1, "Enter the organisation's name."),
  password: z.string().max(200).optional(),
  /** Of the second factor, where the account has one. */
  code: z.string().max(40).optional(),
})
