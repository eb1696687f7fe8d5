import { expect } from 'vitest'
import { deeplError } from '@/lib/contract/deepl'
import { chatChunk, completionChunk, openaiError } from '@/lib/contract/openai'
import { operationOf } from '../openapi/operations'
import { publicPath } from '../route-handling'

/**
 * Holds an answer of the public API against what is documented of it: its status, its media type and
 * every field of its JSON. Streams are left to whoever reads them (`expectDocumentedEvent`).
 */
export async function expectDocumented(request: Request, response: Response): Promise<void> {
  const operation = operationOf(request.method, publicPath(request))
  if (operation === undefined) return
  const { id, dialect, generated = false, response: documented } = operation
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? null
  if (response.status >= 400) {
    const schema = dialect === 'openai' ? openaiError : deeplError
    const body: unknown = await response.clone().json()
    expect(schema.parse(body), id).toEqual(body)
    return
  }
  expect(response.status, id).toBe(documented.status)
  if (generated) expect(response.headers.get('x-parley-generated'), id).toBe('true')
  if (mediaType === 'text/event-stream') {
    expect(documented.events, id).toBeDefined()
  } else if (documented.body !== undefined) {
    const body: unknown = await response.clone().json()
    expect(documented.body.schema.parse(body), id).toEqual(body)
  } else if (documented.mediaType === undefined) {
    expect(await response.clone().text(), id).toBe('')
  }
}

/** One event of a stream of OpenAI's dialect. */
export function expectDocumentedEvent(data: string): void {
  if (data === '[DONE]') return
  const event: unknown = JSON.parse(data)
  const schemas = [chatChunk, completionChunk, openaiError]
  expect(schemas.map((schema) => schema.safeParse(event).data)).toContainEqual(event)
}
