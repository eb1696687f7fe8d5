import { PLANS, type Plan } from './plans'

export interface OutputRequest {
  /** `max_tokens` as asked for; null where it was omitted. */
  requested: number | null
  promptTokens: number
  /** The model's context length. */
  positions: number
  /** The plan's limit for one choice. */
  outputTokens: number
  choices: number
  /** What the month's quota leaves; null is unlimited. */
  remainingTokens: number | null
}

/**
 * The tokens that each choice may generate: the least of the rest of the context, the plan's
 * output limit and an equal share of what the quota leaves after the prompt; no more than was
 * requested. 0 where nothing fits.
 */
export function outputBudget(request: OutputRequest): number {
  const { requested, promptTokens, positions, outputTokens, choices, remainingTokens } = request
  const share = remainingTokens === null ? Infinity : Math.floor((remainingTokens - promptTokens) / choices)
  return Math.max(0, Math.min(requested ?? Infinity, positions - promptTokens, outputTokens, share))
}

/** The calendar month (UTC) that a quota is counted over; `end` is exclusive. */
export function periodOf(date: Date): { start: Date; end: Date } {
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  return { start: new Date(Date.UTC(year, month, 1)), end: new Date(Date.UTC(year, month + 1, 1)) }
}

export interface QuotaTerms {
  plan: Plan
  /** Overrides of the plan's limits, agreed with this organisation. */
  tokenQuota: number | null
  characterQuota: number | null
}

/** The limits that hold for an organisation: its own where it has one, else its plan's. */
export function limitsOf(terms: QuotaTerms): { tokens: number | null; characters: number | null } {
  const plan = PLANS[terms.plan]
  return { tokens: terms.tokenQuota ?? plan.monthlyTokens, characters: terms.characterQuota ?? plan.monthlyCharacters }
}
