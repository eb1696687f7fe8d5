import { z } from 'zod'

export const PLAN_NAMES = ['free', 'pro', 'enterprise'] as const

export const planSchema = z.enum(PLAN_NAMES)

export type Plan = z.infer<typeof planSchema>

export interface PlanLimits {
  /** Prompt and completion tokens in a calendar month (UTC), over every feature; null is unlimited. */
  monthlyTokens: number | null
  /** Code points of translated source text in a calendar month (UTC); null is unlimited. */
  monthlyCharacters: number | null
  /** The most that one choice of one request may generate. */
  outputTokens: number
  /** The most choices of one request (`n`). */
  maxChoices: number
  /** The largest request body. */
  bodyBytes: number
  /** The largest file to be translated. */
  documentBytes: number
  /** The longest prompt of one choice, in tokens; a model's context may be shorter. */
  promptTokens: number
  /** Requests a minute of one API key that has no limit of its own. */
  keyRequestsPerMinute: number
  /** Requests a minute of all keys of an organisation. */
  requestsPerMinute: number
  /** Prompt and completion tokens a minute of all keys of an organisation. */
  tokensPerMinute: number
}

export const PLANS: Record<Plan, PlanLimits> = {
  free: {
    monthlyTokens: 1_000_000,
    monthlyCharacters: 500_000,
    outputTokens: 1024,
    maxChoices: 8,
    bodyBytes: 256 * 1024,
    documentBytes: 2 * 1024 * 1024,
    promptTokens: 8192,
    keyRequestsPerMinute: 600,
    requestsPerMinute: 1200,
    tokensPerMinute: 250_000,
  },
  pro: {
    monthlyTokens: 20_000_000,
    monthlyCharacters: 10_000_000,
    outputTokens: 4096,
    maxChoices: 32,
    bodyBytes: 1024 * 1024,
    documentBytes: 10 * 1024 * 1024,
    promptTokens: 32_768,
    keyRequestsPerMinute: 3000,
    requestsPerMinute: 6000,
    tokensPerMinute: 2_000_000,
  },
  enterprise: {
    monthlyTokens: null,
    monthlyCharacters: null,
    outputTokens: 16_384,
    maxChoices: 128,
    bodyBytes: 8 * 1024 * 1024,
    documentBytes: 30 * 1024 * 1024,
    promptTokens: 131_072,
    keyRequestsPerMinute: 12_000,
    requestsPerMinute: 30_000,
    tokensPerMinute: 20_000_000,
  },
}
