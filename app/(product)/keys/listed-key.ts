/** A key as the page shows it. Times are ISO 8601. */
export interface ListedKey {
  id: string
  name: string
  prefix: string
  scopes: readonly string[]
  createdAt: string
  lastUsedAt: string | null
  expiresAt: string | null
  state: 'live' | 'expired' | 'revoked'
  /** Whether another key took its place. */
  replaced: boolean
  /** Null: the plan's. */
  requestsPerMinute: number | null
  /** Tokens a month; null: only the organisation's quota. */
  tokenQuota: number | null
  /** Tokens of this month, those that are held included. */
  tokensUsed: number
}
