/**
 * What an organisation's export leaves out of each table that names its tenant: secrets, and what
 * is exported as files. A test holds that every such table stands here, with every column that
 * could be a secret either left out or named harmless.
 */
export interface TenantTable {
  /** Columns that are not exported. */
  omit?: readonly string[]
  /** Columns that sound like secrets and are none. */
  harmless?: readonly string[]
}

export const TENANT_TABLES: Readonly<Record<string, TenantTable>> = {
  api_keys: { omit: ['hash'], harmless: ['token_quota'] },
  audit_events: {},
  billing_customers: {},
  // The bytes are files of the archive.
  blob_chunks: { omit: ['data'] },
  blobs: {},
  budgets: {},
  caller_balances: { harmless: ['tokens_used', 'tokens_held'] },
  conversations: {},
  document_sentences: { harmless: ['digest'] },
  documents: { omit: ['access_hash'], harmless: ['prompt_tokens', 'completion_tokens'] },
  generation_chunks: { harmless: ['token_ids'] },
  generations: { harmless: ['prompt_token_ids'] },
  glossaries: {},
  idempotent_requests: { harmless: ['body_digest'] },
  identity_providers: { omit: ['client_secret'] },
  invitations: { omit: ['token_hash'] },
  ledger_holds: { harmless: ['tokens', 'prompt_tokens', 'completion_tokens', 'training_tokens'] },
  memberships: { harmless: ['token_quota'] },
  messages: {},
  moderation_flags: {},
  privacy_settings: {},
  quota_alerts: {},
  sessions: { omit: ['id'] },
  sso_domains: { omit: ['token'] },
  translation_corrections: {},
  usage_balances: { harmless: ['tokens_used', 'tokens_held'] },
  usage_days: { harmless: ['prompt_tokens', 'completion_tokens', 'training_tokens'] },
  usage_months: { harmless: ['prompt_tokens', 'completion_tokens', 'training_tokens'] },
  usage_events: { harmless: ['prompt_tokens', 'completion_tokens', 'training_tokens'] },
  usage_exports: {},
  usage_hours: { harmless: ['prompt_tokens', 'completion_tokens', 'training_tokens'] },
}

/** Names a tenant that is gone, and stays. */
export const RECEIPTS_TABLE = 'erasure_receipts'

/** Of the people of an organisation, their address and name are exported; what they sign in with is theirs alone. */
export const PERSON_COLUMNS = ['id', 'email', 'name', 'created_at'] as const
