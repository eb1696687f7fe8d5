import { z } from 'zod'
import { chatChunk, chatResponse, completionChunk, completionResponse, usageBlock, type UsageBlock } from '@/lib/contract/openai'
import { countCharacters } from '@/lib/domain/characters'

export const KINDS = ['chat', 'chat streamed', 'chat streamed, left half-way', 'completion', 'completion streamed', 'completion streamed, left half-way', 'translation'] as const

export type LoadKind = (typeof KINDS)[number]

export interface LoadRequest {
  kind: LoadKind
  key: string
  /** Sets sizes and texts. */
  seed: number
}

/** Sends one request; in a test that is a call of the route itself. */
export type Send = (path: string, init: { key: string; body: object; signal: AbortSignal }) => Promise<Response>

export interface Observed {
  kind: LoadKind
  /**
   * `answered` to its end; `refused` with a 4xx; `failed` with a 5xx; `cut` off in a stream, by whom ever;
   * `lost` without any response.
   */
  outcome: 'answered' | 'refused' | 'failed' | 'cut' | 'lost'
  status: number
  requestId: string | null
  usage: UsageBlock | null
  /** Tokens that arrived in a stream. */
  seen: number
  /** Code points of the texts that were to be translated. */
  characters: number
}

const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta']

function words(seed: number, count: number): string {
  return Array.from({ length: count }, (_, index) => WORDS[(seed + index * 7) % WORDS.length] ?? '').join(' ')
}

interface Call {
  path: string
  body: object
  characters: number
  streamed: boolean
}

function callOf({ kind, seed }: LoadRequest): Call {
  const common = { model: 'parley-mini-0', max_tokens: 5 + (seed % 40), n: 1 + (seed % 3 === 0 ? 1 : 0), seed: seed % 2 ** 31 }
  const streamed = kind.includes('streamed')
  const stream = streamed ? { stream: true, stream_options: { include_usage: true } } : {}
  if (kind === 'translation') {
    const text = Array.from({ length: 1 + (seed % 3) }, (_, index) => `${words(seed + index, 3 + (seed % 5))}.`)
    return { path: '/v2/translate', body: { text, source_lang: 'EN', target_lang: 'FR' }, characters: text.reduce((sum, one) => sum + countCharacters(one), 0), streamed: false }
  }
  if (kind.startsWith('chat')) {
    const messages = [{ role: 'user', content: words(seed, 2 + (seed % 9)) }]
    return { path: '/v1/chat/completions', body: { ...common, ...stream, messages }, characters: 0, streamed }
  }
  const prompt = Array.from({ length: 1 + (seed % 2) }, (_, index) => words(seed + index, 1 + (seed % 6)))
  return { path: '/v1/completions', body: { ...common, ...stream, prompt }, characters: 0, streamed }
}

/** What a client sees of one request. Never rejects. */
export async function perform(send: Send, request: LoadRequest): Promise<Observed> {
  const { kind, key, seed } = request
  const { path, body, characters, streamed } = callOf(request)
  const observed: Observed = { kind, outcome: 'lost', status: 0, requestId: null, usage: null, seen: 0, characters }
  const controller = new AbortController()
  const leaveAfter = kind.endsWith('left half-way') ? 1 + (seed % 12) : Infinity
  try {
    const response = await send(path, { key, body, signal: controller.signal })
    observed.status = response.status
    observed.requestId = response.headers.get('x-request-id')
    observed.outcome = response.status >= 500 ? 'failed' : response.status >= 400 ? 'refused' : 'cut'
    if (!response.ok) {
      await response.text()
      return observed
    }
    if (streamed) await readStream(response, observed, leaveAfter, controller)
    else {
      const json: unknown = await response.json()
      if (path === '/v2/translate') z.object({ translations: z.array(z.object({ text: z.string() })).min(1) }).parse(json)
      else observed.usage = (path === '/v1/chat/completions' ? chatResponse : completionResponse).parse(json).usage
      observed.outcome = 'answered'
    }
  } catch {
    // Whoever is killed breaks connections; what had been seen by then stands in `observed`.
  }
  return observed
}

async function readStream(response: Response, observed: Observed, leaveAfter: number, controller: AbortController): Promise<void> {
  if (response.body === null) return
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    rest += decoder.decode(read.value, { stream: true })
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      if (!event.startsWith('data: ')) continue
      const data = event.slice('data: '.length)
      if (data === '[DONE]') {
        if (observed.usage !== null) observed.outcome = 'answered'
        continue
      }
      const json: unknown = JSON.parse(data)
      observed.seen += tokensIn(json)
      observed.usage = z.object({ usage: usageBlock.nullish() }).parse(json).usage ?? observed.usage
    }
    if (observed.seen >= leaveAfter && observed.outcome !== 'answered') {
      controller.abort()
      await reader.cancel()
      return
    }
  }
}

/** The stub says ` x` for each token; completions carry the ids beside. */
function tokensIn(json: unknown): number {
  const completion = completionChunk.safeParse(json)
  if (completion.success) return completion.data.choices.reduce((sum, choice) => sum + choice.token_ids.length, 0)
  const chat = chatChunk.safeParse(json)
  if (!chat.success) return 0
  return chat.data.choices.reduce((sum, { delta }) => sum + (delta.content ?? '').replaceAll(/[^x]/g, '').length, 0)
}
