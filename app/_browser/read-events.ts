import type { z } from 'zod'

import { CallError } from './call-api'

/**
 * The events of a streamed answer, in order, each parsed by `schema`.
 * Throws CallError where the connection breaks off; an abort ends it as `fetch` does.
 */
export async function* readEvents<S extends z.ZodType>(response: Response, schema: S): AsyncGenerator<z.output<S>, void, undefined> {
  if (response.body === null) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      buffer += value
      let end = buffer.indexOf('\n\n')
      while (end !== -1) {
        const data = dataOf(buffer.slice(0, end))
        buffer = buffer.slice(end + 2)
        if (data !== '') yield schema.parse(JSON.parse(data))
        end = buffer.indexOf('\n\n')
      }
    }
  } catch (error) {
    if (error instanceof TypeError) throw new CallError('unreachable', 'The connection broke off. Try again.')
    throw error
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** An event's data lines; its other fields and comment lines are not used here. */
function dataOf(event: string): string {
  return event
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n')
}
