import { z } from 'zod'
import { baseLanguageTag } from './deepl'

/** Corrections of translations, and the detection of languages: Parley's own paths beside DeepL's. */

const text = (what: string) => z.string().trim().min(1, `${what} is empty`).max(20_000, 'has more than 20,000 characters')

export const feedbackRequest = z.object({
  source: text('the source text'),
  source_lang: baseLanguageTag,
  target_lang: baseLanguageTag,
  /** What had been answered. */
  translation: z.string().max(40_000).nullish(),
  /** What it should have been. */
  correction: text('the correction'),
  /** Of the translation, from 1 (unusable) to 5 (right). */
  rating: z.coerce.number().int().min(1).max(5).nullish(),
  comment: z.string().max(2000, 'has more than 2,000 characters').nullish(),
  model: z.string().max(200).nullish(),
})

export const feedbackObject = z.object({
  feedback_id: z.uuid(),
  source: z.string(),
  source_lang: z.string(),
  target_lang: z.string(),
  translation: z.string().nullable(),
  correction: z.string(),
  rating: z.number().int().nullable(),
  comment: z.string().nullable(),
  model: z.string().nullable(),
  /** `used`: it went into a fine-tune. */
  status: z.enum(['open', 'used', 'dismissed']),
  creation_time: z.iso.datetime(),
})
export type FeedbackObject = z.infer<typeof feedbackObject>

export const feedbackQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** The last `feedback_id` of the page before. */
  after: z.string().optional(),
})

export const feedbackList = z.object({ feedback: z.array(feedbackObject), has_more: z.boolean() })
export type FeedbackList = z.infer<typeof feedbackList>

export const detectRequest = z.object({
  text: z
    .union([z.string().transform((one) => [one]), z.array(z.string()).min(1)], { error: 'is a text or a list of texts' })
    .refine((texts) => texts.length <= 50, 'has more than 50 texts'),
})

const guess = z.object({
  /** Upper case. */
  language: z.string(),
  /** 0 to 1; over all languages that Parley can tell apart they add up to 1. */
  confidence: z.number().min(0).max(1),
})

export const detectResponse = z.object({
  detections: z.array(guess.extend({ alternatives: z.array(guess) })),
})
export type DetectResponse = z.infer<typeof detectResponse>
