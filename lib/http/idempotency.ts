import { createHash } from 'node:crypto'
import { AppError } from '@/lib/contract/errors'
import { beginIdempotent, dropIdempotent, extendIdempotent, finishIdempotent, type IdempotentKey, type StoredAnswer } from '@/lib/db/idempotent-requests'
import { readForm } from './request-body'
import { serverContext } from './server-context'
import { isStream, tappedResponse } from './tapped-response'

const HEADER = 'idempotency-key'
const LEASE_SECONDS = 60
const EXTEND_MS = 20_000

/** A longer answer is not kept, and its repeat is refused. */
export const KEPT_BYTES = 1024 * 1024

/** The request's idempotency key; null without one. Throws AppError invalid_request where it is not one. */
export function idempotencyKey(request: Request): string | null {
  const sent = request.headers.get(HEADER)?.trim()
  if (sent === undefined || sent === '') return null
  if (sent.length > 255) throw new AppError('invalid_request', 'An Idempotency-Key has at most 255 characters.', { param: 'Idempotency-Key' })
  return sent
}

/** Equal for a request and its repeat: a form with files is written anew each time, with another boundary. */
export async function bodyDigest(request: Request, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const contentType = request.headers.get('content-type') ?? ''
  const hash = createHash('sha256')
  if (!/^multipart\/form-data\b/iu.test(contentType)) return hash.update(body).digest('hex')
  for (const [name, value] of await readForm(contentType, body)) {
    const content = typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer())
    hash.update(JSON.stringify([name, typeof value === 'string' ? null : value.name, content.length])).update(content)
  }
  return hash.digest('hex')
}

export interface IdempotentWork {
  key: IdempotentKey
  requestId: string
  bodyDigest: string
  /** Of every response, however the request ends. */
  headers: Headers
  /** False where the answer may be given once alone: then its repeat is refused. */
  keepsAnswer: boolean
  /** Said to the repeat of a request whose answer is not kept. */
  done?: string
  /** Whether a stream said an error: then the request may be done anew. */
  spoiled?: () => boolean
}

/**
 * Does a request once for its idempotency key: answers a repeat with the first one's answer, marked
 * `idempotent-replayed: true` and under the first one's request id. Only an answer that is a success and was sent
 * whole is kept; after anything else the request may be made again. Throws AppError conflict where the key came with
 * another body, while the first request is under way, and where its answer was not kept.
 */
export async function idempotently(work: IdempotentWork, run: () => Promise<Response>): Promise<Response> {
  const { key, requestId } = work
  const begun = await beginIdempotent(key, { requestId, bodyDigest: work.bodyDigest, leaseSeconds: LEASE_SECONDS })
  switch (begun.outcome) {
    case 'different':
      throw new AppError('conflict', 'This Idempotency-Key came before with another request body. Use a new one for another request.', { param: 'Idempotency-Key' })
    case 'in_flight':
      throw new AppError('conflict', 'The request with this Idempotency-Key is still under way. Try again shortly.', { retryAfter: 1 })
    case 'finished':
      return replay(begun.answer, work)
    case 'begun':
      return firstTime(work, run)
  }
}

const NOT_KEPT = 'The request with this Idempotency-Key was done, and its answer is not kept. Use a new key to do it again.'

function replay(answer: StoredAnswer | null, { headers, done = NOT_KEPT }: IdempotentWork): Response {
  if (answer === null) throw new AppError('conflict', done, { param: 'Idempotency-Key' })
  const { 'x-request-id': requestId, ...kept } = answer.headers
  if (requestId !== undefined) headers.set('x-request-id', requestId)
  headers.set('idempotent-replayed', 'true')
  return new Response(answer.body, { status: answer.status, headers: kept })
}

async function firstTime(work: IdempotentWork, run: () => Promise<Response>): Promise<Response> {
  const { key, requestId, keepsAnswer, spoiled } = work
  const heartbeat = setInterval(() => void extendIdempotent(key, requestId, LEASE_SECONDS).catch(() => undefined), EXTEND_MS)
  heartbeat.unref()
  const end = async (answer: StoredAnswer | 'not kept' | 'failed'): Promise<void> => {
    clearInterval(heartbeat)
    try {
      await (answer === 'failed' ? dropIdempotent(key, requestId) : finishIdempotent(key, requestId, answer === 'not kept' ? null : answer))
    } catch (error) {
      // The answer goes out all the same; until the lease runs out a repeat is told to wait.
      serverContext().logger.warn({ err: error, requestId }, 'the answer of an idempotent request could not be kept')
    }
  }
  let response: Response
  try {
    response = await run()
  } catch (error) {
    await end('failed')
    throw error
  }
  if (!response.ok) {
    await end('failed')
    return response
  }
  const { status } = response
  const headers = { ...Object.fromEntries(response.headers), 'x-request-id': requestId }
  if (!keepsAnswer) {
    await end('not kept')
    return response
  }
  if (!isStream(response)) {
    const body = new Uint8Array(await response.arrayBuffer())
    await end(body.length > KEPT_BYTES ? 'not kept' : { status, headers, body })
    return new Response(body, response)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  return tappedResponse(response, {
    onChunk: (chunk) => {
      length += chunk.length
      if (length <= KEPT_BYTES) chunks.push(chunk)
    },
    onEnd: (complete) => {
      if (!complete || spoiled?.() === true) return end('failed')
      return end(length > KEPT_BYTES ? 'not kept' : { status, headers, body: new Uint8Array(Buffer.concat(chunks)) })
    },
  })
}
