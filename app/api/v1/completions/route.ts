import { completionRequest } from '@/lib/contract/openai'
import { apiRoutes } from '@/lib/http/api-route'
import { completionBody, completionChunks, completionHead } from '@/lib/http/completion-bodies'
import { markGenerated } from '@/lib/http/generated-mark'
import { openaiStream } from '@/lib/http/openai-stream'
import { serverContext } from '@/lib/http/server-context'
import { findModel } from '@/lib/services/list-models'
import { textCompletion } from '@/lib/services/text-completion'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('openai', {
  POST: {
    scopes: ['chat'],
    handle: async (context) => {
      const body = await context.json(completionRequest)
      const { registry, runtime } = serverContext()
      const checkpoint = await findModel(registry, body.model)
      const head = completionHead(context.caller.requestId, checkpoint)
      const news = textCompletion(runtime, context.caller, checkpoint, body, context.signal)
      const answer = body.stream
        ? await openaiStream(context, completionChunks(head, news, body.stream_options?.include_usage === true))
        : Response.json(await completionBody(head, news, body.prompt.length * body.n))
      return markGenerated(answer, checkpoint.name)
    },
  },
})
