import type { ApiContext } from './api-route'
import { asAppError, errorBody } from './error-response'
import { serverContext } from './server-context'
import { sseResponse, withFirstEvent } from './sse'

/**
 * Chunks as OpenAI streams them: `[DONE]` at the end, an error of the course as the last event. What
 * goes wrong before the first chunk is answered with a status instead.
 */
export async function openaiStream(context: ApiContext, chunks: AsyncGenerator<object, void>): Promise<Response> {
  return sseResponse(await withFirstEvent(chunks), {
    done: '[DONE]',
    onError: (error) => {
      context.spoil()
      return errorBody('openai', asAppError(error, serverContext().logger, context.caller.requestId))
    },
    onCancel: context.abort,
    signal: context.signal,
  })
}
