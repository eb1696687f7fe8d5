/**
 * Every error that a person or a program can be answered with, and its HTTP status.
 * The dialects (OpenAI's, DeepL's, the browser's) derive from this one table.
 */
export const ERROR_STATUS = {
  invalid_request: 400,
  context_length_exceeded: 400,
  /** The organisation's moderation policy blocks the text. */
  content_policy_violation: 400,
  unauthenticated: 401,
  invalid_api_key: 401,
  account_locked: 403,
  /** The password was right, and a code of the second factor has to come with it. */
  second_factor_required: 403,
  /** The organisation takes its members in through its own single sign-on alone. */
  sso_required: 403,
  insufficient_permissions: 403,
  /** The operator has turned the feature off for everybody. */
  feature_disabled: 403,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  overloaded: 429,
  internal_error: 500,
  /** A document that is still being translated has no result yet. */
  document_not_ready: 503,
  model_unavailable: 503,
  engine_unavailable: 503,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

export interface AppErrorOptions {
  /** The request's field at fault, where one is. */
  param?: string | undefined
  /** Kept for the log, never sent. */
  cause?: unknown
  /** Seconds after which a retry makes sense. */
  retryAfter?: number | undefined
}

/**
 * What an AppError is known by. A server's bundler may put this module into one process more than
 * once, and an error made by one copy must be an AppError to the others.
 */
const MARK = Symbol.for('parley.AppError')

/** An error whose message may be shown to whoever sent the request. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly [MARK] = true
  readonly param: string | undefined
  readonly retryAfter: number | undefined

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, { cause: options.cause })
    this.param = options.param
    this.retryAfter = options.retryAfter
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && MARK in value
  }

  get status(): number {
    return ERROR_STATUS[this.code]
  }
}
