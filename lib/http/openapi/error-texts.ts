import type { ErrorCode } from '@/lib/contract/errors'

/** What each error of the public API means, and what to do. */
export const ERROR_TEXTS: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'The body is no JSON or form, or a field is wrong. `param` names it.',
  context_length_exceeded: 'Prompt and answer together do not fit into the model’s context. Shorten the prompt.',
  content_policy_violation: 'The organisation’s moderation policy blocks the text. Nothing was computed, or its result is withheld.',
  unauthenticated: 'There is no key in the header `Authorization`.',
  invalid_api_key: 'The key is wrong, revoked or expired.',
  insufficient_permissions: 'The key lacks the scope, or the organisation is suspended.',
  feature_disabled: 'The operator has turned this off for everybody.',
  not_found: 'There is nothing under this path or id, or it is another organisation’s.',
  model_not_found: 'There is no model of that name for this key.',
  method_not_allowed: 'The path takes other methods, which the header `allow` lists.',
  conflict: 'The request collides with another one: an idempotency key that is in use, or used for something else.',
  payload_too_large: 'The body is larger than the plan allows.',
  rate_limit_exceeded: 'Too many requests or tokens in a minute. `retry-after` says when to come back.',
  insufficient_quota: 'A quota or budget is used up, or would be by this request. A repeat is refused too, until it is raised or the month ends.',
  overloaded: 'The model server has more to do than it can take. Try again shortly.',
  internal_error: 'Something went wrong on the server. Its log has the request id.',
  model_unavailable: 'The model’s files cannot be used. The operator has to look at it.',
  engine_unavailable: 'The model server cannot be reached, or broke off. Try again shortly.',
  document_not_ready: 'The document is still being translated. `retry-after` says when to ask again.',
}
