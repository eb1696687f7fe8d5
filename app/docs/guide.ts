import { deeplError } from '@/lib/contract/deepl'
import { openaiError } from '@/lib/contract/openai'
import { PLAN_NAMES, PLANS } from '@/lib/domain/plans'
import { errorStatus } from '@/lib/http/openapi/document'
import { ERROR_TEXTS } from '@/lib/http/openapi/error-texts'
import { API_OPERATIONS } from '@/lib/http/openapi/operations'
import { COMMON_ERRORS } from '@/lib/http/openapi/operation'

/** A paragraph, a piece of code, or a table; in texts `code` stands between backticks. */
export type GuidePart = string | { label: string; code: string } | { label: string; head: readonly string[]; rows: readonly (readonly string[])[] }

export interface GuideText {
  id: string
  title: string
  /** What it is found by, beside its title. */
  words: string
  parts: readonly GuidePart[]
}

const count = (value: number | null): string => (value === null ? 'none' : value.toLocaleString('en'))
const mebibytes = (bytes: number): string => (bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`)

const codes = [...new Set([...COMMON_ERRORS, ...API_OPERATIONS.flatMap(({ errors }) => errors), 'method_not_allowed' as const])]

const openaiSample = openaiError.parse({
  error: { message: "'temperature': Too big: expected number to be <=2.", type: 'invalid_request_error', param: 'temperature', code: 'invalid_request' },
})
const deeplSample = deeplError.parse({ message: "'target_lang': is not a language code." })

export const GUIDE: readonly GuideText[] = [
  {
    id: 'introduction',
    title: 'Introduction',
    words: 'start address base url openai deepl client environment',
    parts: [
      'Every example on this page is a program that the tests run as it stands here. It takes the address and the key from the environment:',
      { label: 'Environment of the examples', code: 'export PARLEY_URL=http://localhost:3000\nexport PARLEY_KEY=pk_…' },
      'The official `openai` client works with `baseURL` set to this address and `/v1`, the official `deepl-node` client with `serverUrl` set to this address. The Python examples need nothing but Python.',
      'The whole API is described for programs in `/openapi.json` (OpenAPI 3.1), made of the same schemas that check each request.',
    ],
  },
  {
    id: 'authentication',
    title: 'Authentication',
    words: 'key bearer scope expiry rotation header',
    parts: [
      'An owner or admin makes keys on the page API keys. A key is shown once; only a hash of it is kept. It has scopes, and may have an end, a rate and a quota of its own. When it is revoked, requests under way end within a second.',
      'Send it as `Authorization: Bearer KEY`, or as `Authorization: DeepL-Auth-Key KEY`; both work on all paths.',
      {
        label: 'Scopes of a key',
        head: ['Scope', 'Reaches'],
        rows: [
          ['`chat`', 'Chat and completions'],
          ['`translate`', 'Translation, documents, glossaries and feedback'],
          ['`usage`', 'Reports of usage'],
          ['`fine-tune`', 'Training of own models'],
        ],
      },
    ],
  },
  {
    id: 'errors',
    title: 'Errors',
    words: 'status code envelope retry request id',
    parts: [
      'Under `/v1` an error comes in OpenAI’s envelope, under `/v2` in DeepL’s. Every answer, also an error, carries `x-request-id`: it names the request in the usage export and in the operator’s logs.',
      { label: 'An error under /v1', code: JSON.stringify(openaiSample, null, 2) },
      { label: 'An error under /v2', code: JSON.stringify(deeplSample, null, 2) },
      {
        label: 'All errors',
        head: ['Code', '/v1', '/v2', 'Meaning'],
        rows: codes.map((code) => [`\`${code}\``, String(errorStatus('openai', code)), String(errorStatus('deepl', code)), ERROR_TEXTS[code] ?? '']),
      },
    ],
  },
  {
    id: 'limits',
    title: 'Limits',
    words: 'rate limit requests tokens minute body plan headers x-ratelimit retry-after',
    parts: [
      'Requests and tokens are counted by the minute, for each key and for all keys of an organisation. Answers say where you stand: `x-ratelimit-limit-requests`, `x-ratelimit-remaining-requests`, `x-ratelimit-reset-requests`, and the same for tokens. A request too many is answered 429 with `retry-after`.',
      {
        label: 'Limits by plan',
        head: ['Limit', ...PLAN_NAMES],
        rows: [
          ['Requests a minute, a key', ...PLAN_NAMES.map((plan) => count(PLANS[plan].keyRequestsPerMinute))],
          ['Requests a minute, all keys', ...PLAN_NAMES.map((plan) => count(PLANS[plan].requestsPerMinute))],
          ['Tokens a minute, all keys', ...PLAN_NAMES.map((plan) => count(PLANS[plan].tokensPerMinute))],
          ['Longest prompt, tokens', ...PLAN_NAMES.map((plan) => count(PLANS[plan].promptTokens))],
          ['Longest answer, tokens', ...PLAN_NAMES.map((plan) => count(PLANS[plan].outputTokens))],
          ['Answers of one request', ...PLAN_NAMES.map((plan) => count(PLANS[plan].maxChoices))],
          ['Largest body', ...PLAN_NAMES.map((plan) => mebibytes(PLANS[plan].bodyBytes))],
          ['Largest document', ...PLAN_NAMES.map((plan) => mebibytes(PLANS[plan].documentBytes))],
        ],
      },
      'An operator may set other limits, for a plan or for one key.',
    ],
  },
  {
    id: 'quotas',
    title: 'Quotas and billing',
    words: 'month tokens characters budget insufficient_quota 456 cost usage',
    parts: [
      'A month (UTC) has a quota of tokens, over chat, API and translation, and one of translated characters. A request is held for the most that it can cost before it starts, and settled at what it did cost: concurrent requests cannot together pass a quota. Members, keys and a budget may be limited as well.',
      {
        label: 'Quotas by plan',
        head: ['Quota a month', ...PLAN_NAMES],
        rows: [
          ['Tokens', ...PLAN_NAMES.map((plan) => count(PLANS[plan].monthlyTokens))],
          ['Characters', ...PLAN_NAMES.map((plan) => count(PLANS[plan].monthlyCharacters))],
        ],
      },
      'A quota that is used up is answered 429 `insufficient_quota` under `/v1` and 456 under `/v2`. A request that fails before anything was computed costs nothing. One that you break off costs what was written until then.',
    ],
  },
  {
    id: 'idempotency',
    title: 'Idempotency',
    words: 'idempotency-key repeat retry once network',
    parts: [
      'A POST that carries `Idempotency-Key`, a text of your own choice of up to 255 characters, is done once. Sent again with the same body it is answered as the first time, with `idempotent-replayed: true`, and costs nothing more. With another body, or while the first one is under way, it is answered 409 `conflict`. Only successes are kept, for a day: a request that failed may be sent again.',
    ],
  },
  {
    id: 'streaming',
    title: 'Streaming',
    words: 'server-sent events sse stream chunks done',
    parts: [
      'With `"stream": true`, chat and completions are answered as server-sent events: a JSON object in each `data:` line, `data: [DONE]` at the end. What goes wrong before the first event is answered with a status; what goes wrong later is an event with an `error`, and no `[DONE]` comes after it. Close the connection to stop the model; what was written until then is billed.',
      'With `"stream_options": {"include_usage": true}` a last event before `[DONE]` says what was used.',
    ],
  },
  {
    id: 'moderation',
    title: 'Moderation',
    words: 'content_filter content_policy_violation flag block word list',
    parts: [
      'An organisation decides on its page Privacy whether texts are looked through for words of lists: off, flag, or block, for what is asked and for what is answered. It may add words of its own.',
      'What is blocked on its way in is refused with 400 `content_policy_violation` before anything is computed. An answer that is blocked ends before the word, with `finish_reason: "content_filter"`; no part of the word is sent, also in a stream, which is then up to a word behind. A translation that is blocked is withheld as a whole. What was computed until then is billed, but for a document, which is billed once it is done.',
      'A list of words is no understanding. It finds words that are quoted or discussed, and misses what is said in other words, in a language that has no list (there are English, French, German, Spanish and Chinese), or in token ids of a model without a tokenizer.',
    ],
  },
  {
    id: 'generated-text',
    title: 'Generated text is marked',
    words: 'x-parley-generated x-parley-model header ai language model provenance',
    parts: [
      'Every answer that a language model wrote carries `x-parley-generated: true` and the model’s name in `x-parley-model`. A Word document says so in its properties as well (content status). The other formats of documents have no place for it that is not part of their content. Pass the mark on where people read the text: a model may be wrong.',
    ],
  },
]
