import { apiRoutes } from '@/lib/http/api-route'
import { serverContext } from '@/lib/http/server-context'
import { findModel, modelObject } from '@/lib/services/list-models'

/** A name has one part or two; clients send the slash as it is, or encoded. */
function modelName(url: URL): string {
  const encoded = /\/models\/(.+)$/u.exec(url.pathname)?.[1] ?? ''
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoutes('openai', {
  GET: {
    scopes: [],
    handle: async ({ url }) => Response.json(modelObject(await findModel(serverContext().registry, modelName(url)))),
  },
})
