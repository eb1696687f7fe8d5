import { AppError } from '@/lib/contract/errors'
import { asAppError, errorBody } from './error-response'
import { serverContext } from './server-context'

/** A comment this often keeps proxies from closing a stream in which nothing is said. */
const KEEP_ALIVE_MS = 15_000

export interface SseOptions {
  /** The last event of a stream that failed; by default one of type `error`, as the pages read it. */
  onError?: (error: unknown) => object
  /** Said after the last event of a stream that did not fail. */
  done?: string
  /** Called when the client leaves before the end. */
  onCancel?: () => void
  /** Ends the stream, also one that nobody reads on. An AppError as its reason is the last event. */
  signal?: AbortSignal
}

function browserErrorEvent(error: unknown): object {
  return { type: 'error', ...errorBody('browser', asAppError(error, serverContext().logger, 'stream')) }
}

/**
 * Server-sent events, each object as one JSON `data` line; an event's number (`seq`), where it has
 * one, is its id too. When the client leaves, the events' source is told to return.
 */
export function sseResponse(events: AsyncIterable<object>, options: SseOptions = {}): Response {
  const iterator = events[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  let keepAlive: NodeJS.Timeout | undefined
  const leave = async (): Promise<void> => {
    clearInterval(keepAlive)
    await iterator.return?.()
  }
  /** Why the server itself ended it, where it did. */
  const ended = (): AppError | null => (options.signal?.reason instanceof AppError ? options.signal.reason : null)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      keepAlive = setInterval(() => controller.enqueue(encoder.encode(': waiting\n\n')), KEEP_ALIVE_MS)
      options.signal?.addEventListener('abort', () => void leave().catch(() => undefined), { once: true })
    },
    async pull(controller) {
      try {
        const result = await iterator.next()
        if (result.done !== true) {
          controller.enqueue(encoder.encode(eventText(result.value)))
          return
        }
        const end = ended()
        if (end !== null) throw end
        if (options.done !== undefined) controller.enqueue(encoder.encode(`data: ${options.done}\n\n`))
      } catch (error) {
        // Of a stream that its reader aborted nobody reads the rest, and nothing failed.
        const told = ended() ?? (options.signal?.aborted === true ? null : error)
        if (told !== null) controller.enqueue(encoder.encode(eventText((options.onError ?? browserErrorEvent)(told))))
      }
      clearInterval(keepAlive)
      controller.close()
    },
    async cancel() {
      options.onCancel?.()
      await leave()
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    },
  })
}

function eventText(event: object): string {
  const id = 'seq' in event && typeof event.seq === 'number' ? `id: ${event.seq}\n` : ''
  return `${id}data: ${JSON.stringify(event)}\n\n`
}

/**
 * The same events with the first one already there, so that what goes wrong before it is still
 * answered with a status. Rejects with what was thrown before it.
 */
export async function withFirstEvent<T>(events: AsyncGenerator<T, void>): Promise<AsyncGenerator<T, void>> {
  const first = await events.next()
  return resume(first, events)
}

async function* resume<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  try {
    if (first.done === true) return
    yield first.value
    yield* rest
  } finally {
    await rest.return()
  }
}
