import { chatRequest } from '@/lib/contract/openai'
import { apiRoutes } from '@/lib/http/api-route'
import { chatBody, chatChunks, chatHead } from '@/lib/http/chat-bodies'
import { markGenerated } from '@/lib/http/generated-mark'
import { openaiStream } from '@/lib/http/openai-stream'
import { serverContext } from '@/lib/http/server-context'
import { chatCompletion } from '@/lib/services/chat-completion'
import { findModel } from '@/lib/services/list-models'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('openai', {
  POST: {
    scopes: ['chat'],
    handle: async (context) => {
      const body = await context.json(chatRequest)
      const { registry, runtime } = serverContext()
      const checkpoint = await findModel(registry, body.model)
      const head = chatHead(context.caller.requestId, checkpoint)
      const news = chatCompletion(runtime, context.caller, checkpoint, body, context.signal)
      const answer = body.stream
        ? await openaiStream(context, chatChunks(head, news, body.n, body.stream_options?.include_usage === true))
        : Response.json(await chatBody(head, news, body.n))
      return markGenerated(answer, checkpoint.name)
    },
  },
})
