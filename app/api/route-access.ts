import type { Action, Scope } from '@/lib/domain/permissions'
import type { Method, RouteParams } from '@/lib/http/route-handling'

/**
 * Who may call what: a row for every route file and method. route-access.test.ts calls each of them without a
 * credential, with one that has ended, with a scope or role that does not reach, and with another tenant's ids, and
 * fails where a method that a file exports has no row here.
 *
 * To add a route, add one row for each of its methods:
 *   'api/things/[id]'  the folder of route.ts under app/
 *   'DELETE'           the method, or a list of methods that are called alike
 *   a credential       open() · key(dialect, …scopes; none: any key) · session(action; null: every member) ·
 *                      operator() · metricsToken()
 *   a call             how to make a call that would succeed; left out where the path alone is enough.
 *                      `id('things')` is the id of a row that the tenant has (`makeFilledTenant` makes one in every
 *                      table); another column by name, and another row by what it holds:
 *                      `id('memberships', 'user_id', { role: 'member' })`. Whatever comes from `id` is taken for the
 *                      tenant's own: the test calls with a stranger's, with one that is nobody's and with one that is
 *                      malformed, and wants 404. Everything else (a body, a query, headers) is sent as it stands.
 * Methods that answer 405 need no row.
 */
export const ROUTE_ACCESS: readonly RouteAccess[] = [
  // Accounts and sessions
  row('api/auth/[...nextauth]', ['GET', 'POST'], open()),
  row('api/sign-up', 'POST', open(), () => ({ body: {} })),
  row('api/account', 'PATCH', session(null), () => ({ body: { name: 'Ada' } })),
  row('api/sessions/[id]', 'DELETE', session(null), (id) => ({ params: { id: id('sessions') } })),
  row('api/sessions', 'DELETE', session(null)),
  row('api/account/password', 'POST', session(null), () => ({ body: { password: 'wrong', newPassword: 'a new password' } })),
  row('api/account/links', 'POST', session(null), () => ({ body: { password: 'wrong' } })),
  row('api/account/links', 'DELETE', session(null), (id) => ({ body: { password: 'wrong', provider: 'github', subject: id('linked_accounts', 'subject') } })),
  row('api/account/second-factor', ['POST', 'DELETE'], session(null), () => ({ body: { password: 'wrong' } })),
  row('api/account/second-factor/confirm', 'POST', session(null), () => ({ body: { code: '000000' } })),
  row('api/account/second-factor/recovery-codes', 'POST', session(null), () => ({ body: { password: 'wrong' } })),
  row('api/sign-in/second-factor', 'POST', open(), () => ({ body: { code: '000000' } })),
  row('api/sign-in/sso', 'POST', open(), () => ({ body: {} })),
  row('api/organization/sso', 'PUT', session('sso:write'), () => ({ body: { name: 'Issuer', issuer: 'https://127.0.0.1:9', clientId: 'c', clientSecret: 's', required: false, autoJoinRole: null } })),
  row('api/organization/sso', 'DELETE', session('sso:write')),
  row('api/organization/sso/domains', 'POST', session('sso:write'), () => ({ body: { domain: 'acme.example' } })),
  row('api/organization/sso/domains/[domain]', ['POST', 'DELETE'], session('sso:write'), (id) => ({ params: { domain: id('sso_domains', 'domain') } })),
  row('api/account/email', 'POST', session(null)),
  // A token that nobody was mailed would be answered with 404.
  row('api/account/email', 'PATCH', session(null), () => ({ body: {} })),
  row('api/password-reset', 'POST', open(), () => ({ body: { email: 'nobody@example.com' } })),
  row('api/password-reset/confirm', 'POST', open(), () => ({ body: { token: 'none', newPassword: 'a new password' } })),

  // Organisations and their members
  row('api/organization', 'PATCH', session('organization:write'), () => ({ body: { name: 'Acme' } })),
  row('api/organization/invitations', 'POST', session('members:write'), () => ({ body: { email: 'new@example.com', role: 'member' } })),
  row('api/organization/invitations/[id]', ['POST', 'DELETE'], session('members:write'), (id) => ({ params: { id: id('invitations') } })),
  row('api/organization/members/[id]', 'PATCH', session('members:write'), (id) => ({ params: { id: id('memberships', 'user_id', { role: 'member' }) }, body: { role: 'billing' } })),
  // Under the own id everybody may leave.
  row('api/organization/members/[id]', 'DELETE', session('members:write'), (id) => ({ params: { id: id('memberships', 'user_id', { role: 'owner' }) } })),
  row('api/organization/owner', 'POST', session('members:transfer'), (id) => ({ body: { userId: id('memberships', 'user_id', { role: 'member' }), stayOwner: true, password: 'wrong' } })),
  row('api/organization/audit', 'GET', session('audit:read')),
  row('api/organizations', 'POST', session(null), () => ({ body: { name: 'Second' } })),
  row('api/organizations/[id]/session', 'POST', session(null), (id) => ({ params: { id: id('organizations') } })),
  row('api/invitations/accept', 'POST', open(), () => ({ body: { token: 'none', password: 'none' } })),

  // API keys
  row('api/keys', 'POST', session('keys:write'), () => ({ body: { name: 'Key', scopes: ['chat'] } })),
  row('api/keys/[id]', 'PATCH', session('keys:write'), (id) => ({ params: { id: id('api_keys') }, body: { name: 'Other' } })),
  row('api/keys/[id]', 'DELETE', session('keys:write'), (id) => ({ params: { id: id('api_keys') } })),
  row('api/keys/[id]/rotate', 'POST', session('keys:write'), (id) => ({ params: { id: id('api_keys') }, body: { overlapHours: 1 } })),

  // The workspace
  row('api/conversations', 'POST', session('use'), () => ({ body: { content: 'Hello' } })),
  row('api/conversations/[id]', ['GET', 'DELETE'], session('use'), (id) => ({ params: { id: id('conversations') } })),
  row('api/conversations/[id]', 'PATCH', session('use'), (id) => ({ params: { id: id('conversations') }, body: { title: 'Talk' } })),
  row('api/conversations/[id]/messages', 'POST', session('use'), (id) => ({ params: { id: id('conversations') }, body: { content: 'Hello', model: 'parley-mini-0' } })),
  row('api/conversations/[id]/regenerate', 'POST', session('use'), (id) => ({ params: { id: id('conversations') }, body: { model: 'parley-mini-0' } })),
  row('api/generations/[id]/events', 'GET', session('use'), (id) => ({ params: { id: id('generations') } })),
  row('api/generations/[id]/stop', 'POST', session('use'), (id) => ({ params: { id: id('generations') } })),
  row('api/translate', 'POST', session('use'), () => ({ body: { text: 'Hello.', source: 'en', target: 'fr' } })),
  row('api/documents', 'GET', session('use')),
  row('api/documents', 'POST', session('use'), () => ({ body: documentForm() })),
  row('api/documents/[id]', ['GET', 'DELETE'], session(null), (id) => ({ params: { id: id('documents') } })),
  row('api/documents/[id]/result', 'GET', session(null), (id) => ({ params: { id: id('documents') } })),
  row('api/glossaries', 'GET', session('use')),
  row('api/glossaries', 'POST', session('glossaries:write'), () => ({ body: { name: 'Terms', source: 'en', target: 'fr', entries: [{ source: 'key', target: 'clé' }] } })),
  row('api/glossaries/[id]', 'GET', session('use'), (id) => ({ params: { id: id('glossaries') } })),
  row('api/glossaries/[id]', 'PUT', session('glossaries:write'), (id) => ({ params: { id: id('glossaries') }, body: { name: 'Terms', entries: [{ source: 'key', target: 'clé' }] } })),
  row('api/glossaries/[id]', 'DELETE', session('glossaries:write'), (id) => ({ params: { id: id('glossaries') } })),
  row('api/corrections', 'POST', session('use'), () => ({ body: { source: 'Hello.', sourceLang: 'en', targetLang: 'fr', output: 'Allô.', correction: 'Bonjour.', model: null } })),
  row('api/write', 'POST', session('use'), () => ({ body: { opening: 'Once', drafts: 1, maxTokens: 8, temperature: 1 } })),

  // Billing
  row('api/billing/checkout', 'POST', session('billing:write'), () => ({ body: { plan: 'pro' } })),
  row('api/billing/portal', 'POST', session('billing:write')),
  row('api/billing/refresh', 'POST', session('billing:read')),
  row('api/stripe/webhook', 'POST', open(), () => ({ body: {} })),
  row('api/statements/[file]', 'GET', session('billing:read'), () => ({ params: { file: '2026-01.csv' } })),
  row('api/budget', 'PUT', session('budget:write'), () => ({ body: { limit: '25', hardStop: true, alertPercents: [80] } })),
  row('api/usage/export', 'GET', session('usage:read'), () => ({ query: 'from=2026-01-01&to=2026-01-02' })),

  // Privacy
  row('api/privacy', 'PATCH', session('privacy:write'), () => ({ body: { retentionDays: 90 } })),
  row('api/privacy/flags/[id]', 'PATCH', session('privacy:write'), (id) => ({ params: { id: id('moderation_flags') }, body: { reviewed: true } })),
  row('api/organization/export', 'GET', session('organization:export')),
  row('api/organization/erase', 'POST', session('organization:erase'), () => ({ body: { name: 'Not its name' } })),

  // OpenAI's dialect
  row('api/v1/models', 'GET', key('openai')),
  row('api/v1/models/[...name]', 'GET', key('openai'), () => ({ params: { name: ['parley-mini-0'] } })),
  row('api/v1/completions', 'POST', key('openai', 'chat'), () => ({ body: { model: 'parley-mini-0', prompt: 'Hello' } })),
  row('api/v1/chat/completions', 'POST', key('openai', 'chat'), () => ({ body: { model: 'parley-mini-0', messages: [{ role: 'user', content: 'Hello' }] } })),
  row('api/v1/usage', 'GET', key('openai', 'usage'), () => ({ query: 'start_time=1790000000' })),
  row('api/v1/[[...path]]', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], nothing()),

  // DeepL's dialect
  row('api/v2/translate', 'POST', key('deepl', 'translate'), () => ({ body: { text: ['Hello.'], target_lang: 'FR' } })),
  row('api/v2/languages', 'GET', key('deepl', 'translate')),
  row('api/v2/document', 'POST', key('deepl', 'translate'), () => ({ body: documentForm('target_lang') })),
  row('api/v2/document/[id]', 'GET', key('deepl', 'translate'), (id) => ({ params: { id: id('documents') }, query: `document_key=${FILLED_DOCUMENT_KEY}` })),
  row('api/v2/document/[id]', 'POST', key('deepl', 'translate'), (id) => ({ params: { id: id('documents') }, body: { document_key: FILLED_DOCUMENT_KEY } })),
  row('api/v2/document/[id]/result', 'POST', key('deepl', 'translate'), (id) => ({ params: { id: id('documents') }, body: { document_key: FILLED_DOCUMENT_KEY } })),
  row('api/v2/glossaries', 'GET', key('deepl', 'translate')),
  row('api/v2/glossaries', 'POST', key('deepl', 'translate'), () => ({ body: { name: 'Terms', source_lang: 'en', target_lang: 'fr', entries: 'key\tclé', entries_format: 'tsv' } })),
  row('api/v2/glossaries/[id]', ['GET', 'DELETE'], key('deepl', 'translate'), (id) => ({ params: { id: id('glossaries') } })),
  row('api/v2/glossaries/[id]/entries', 'GET', key('deepl', 'translate'), (id) => ({ params: { id: id('glossaries') } })),
  row('api/v2/glossary-language-pairs', 'GET', key('deepl', 'translate')),
  row('api/v2/feedback', 'GET', key('deepl', 'translate')),
  row('api/v2/feedback', 'POST', key('deepl', 'translate'), () => ({ body: { source: 'Hello.', source_lang: 'EN', target_lang: 'FR', correction: 'Bonjour.' } })),
  row('api/v2/detect-language', 'POST', key('deepl', 'translate'), () => ({ body: { text: 'Hello.' } })),
  row('api/v2/usage', 'GET', key('deepl', 'translate', 'usage')),
  row('api/v2/[[...path]]', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], nothing()),
  row('api/v3/[[...path]]', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], nothing()),

  // The operator's dashboard
  row('api/admin/live', 'GET', operator()),
  row('api/admin/usage', 'GET', operator(), () => ({ query: 'from=2026-01-01&to=2026-01-31&by=tenant' })),
  row('api/admin/audit', 'GET', operator()),
  row('api/admin/tenants/[id]', 'PATCH', operator(), (id) => ({ params: { id: id('organizations') }, body: { plan: 'pro' } })),
  row('api/admin/tenants/[id]/suspension', 'PUT', operator(), (id) => ({ params: { id: id('organizations') }, body: { suspended: true, reason: 'A test.' } })),
  row('api/admin/tenants/[id]/keys/[keyId]', 'DELETE', operator(), (id) => ({ params: { id: id('organizations'), keyId: id('api_keys') } })),
  row('api/admin/flags/[id]', 'PATCH', operator(), (id) => ({ params: { id: id('moderation_flags') }, body: { orgId: id('organizations'), reviewed: true } })),
  row('api/admin/switches/[name]', 'PUT', operator(), () => ({ params: { name: 'documents' }, body: { enabled: true } })),
  row('api/admin/prices', 'POST', operator(), () => ({ body: { plans: ['free'], model: '*', feature: 'chat', direction: 'prompt', price: '1.50', validFrom: null } })),
  row('api/admin/prices/preview', 'POST', operator(), () => ({ body: { plans: ['free'], model: '*', feature: 'chat', direction: 'prompt', price: '1.50', validFrom: null } })),
  row('api/admin/impersonation', 'POST', operator(), (id) => ({ body: { orgId: id('organizations'), userId: id('memberships', 'user_id', { role: 'member' }), reason: 'A test.' } })),
  row('api/impersonation', 'DELETE', session(null)),

  // The installation
  row('api/health', 'GET', open()),
  row('openapi.json', 'GET', open()),
  row('api/metrics', 'GET', metricsToken()),
]

export type Credential =
  | { kind: 'open' }
  /** Every path that does not exist: 404 for everybody. */
  | { kind: 'nothing' }
  | { kind: 'key'; dialect: 'openai' | 'deepl'; scopes: readonly Scope[] }
  | { kind: 'session'; action: Action | null }
  | { kind: 'operator' }
  | { kind: 'metrics-token' }

/** A value of one of the tenant's rows: the first row made that holds `where`. */
export type IdOf = (table: string, column?: string, where?: Record<string, string>) => string

export interface RouteCall {
  params?: RouteParams
  query?: string
  /** Sent as JSON, but for a form. */
  body?: object | FormData | URLSearchParams
  headers?: Record<string, string>
}

export interface RouteAccess {
  path: string
  methods: readonly Method[]
  credential: Credential
  call: (id: IdOf) => RouteCall
}

/** The key of the document that every filled tenant has. */
const FILLED_DOCUMENT_KEY = 'the document of a filled tenant'

function documentForm(target = 'target'): FormData {
  const form = new FormData()
  form.append('file', new File(['Hello.'], 'hello.txt'))
  form.append(target, 'FR')
  return form
}

function row(path: string, methods: Method | readonly Method[], credential: Credential, call: RouteAccess['call'] = () => ({})): RouteAccess {
  return { path, methods: typeof methods === 'string' ? [methods] : methods, credential, call }
}

function open(): Credential {
  return { kind: 'open' }
}

function nothing(): Credential {
  return { kind: 'nothing' }
}

function key(dialect: 'openai' | 'deepl', ...scopes: readonly Scope[]): Credential {
  return { kind: 'key', dialect, scopes }
}

function session(action: Action | null): Credential {
  return { kind: 'session', action }
}

function operator(): Credential {
  return { kind: 'operator' }
}

function metricsToken(): Credential {
  return { kind: 'metrics-token' }
}
