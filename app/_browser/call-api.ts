import type { z } from 'zod'

import { browserErrorBody } from '@/lib/contract/browser'
import type { ErrorCode } from '@/lib/contract/errors'

/** A request that failed, with a message for the person who made it. */
export class CallError extends Error {
  override readonly name = 'CallError'

  constructor(
    readonly code: ErrorCode | 'unreachable',
    message: string,
    readonly param: string | null = null,
  ) {
    super(message)
  }
}

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON, but for a form. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Sends a request to this app's own server. Throws CallError for anything but a success. */
export async function request(path: string, { method = 'GET', body, headers = {}, signal }: Call = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: { ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new CallError('unreachable', 'The server could not be reached. Check the connection and try again.')
  }
  if (response.ok) return response
  const parsed = browserErrorBody.safeParse(await response.json().catch(() => null))
  if (parsed.success) throw new CallError(parsed.data.error.code, parsed.data.error.message, parsed.data.error.param)
  throw new CallError('internal_error', `The server answered with an error (${response.status}). Try again.`)
}

/** As `request`, and parses the answer. */
export async function callApi<S extends z.ZodType>(path: string, schema: S, call: Call = {}): Promise<z.output<S>> {
  const response = await request(path, call)
  return schema.parse(await response.json())
}

/** The sentence to show for whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof CallError ? error.message : 'Something went wrong. Try again.'
}
