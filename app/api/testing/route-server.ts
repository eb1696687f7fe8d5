import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expectDocumented } from '@/lib/http/testing/documented-answer'
import { METHODS, type Method, type RouteHandler, type RouteParams } from '@/lib/http/route-handling'

/** Handlers by path; `[id]` in a path is its variable part. The first path that fits is taken. */
export type Routes = Readonly<Record<string, Partial<Record<Method, RouteHandler>>>>

export interface RouteServer {
  url: string
  close: () => Promise<void>
}

/** Route handlers behind real HTTP on loopback, for clients that speak nothing else; 500 for an answer that is not as it is documented. */
export async function startRouteServer(routes: Routes): Promise<RouteServer> {
  const server = createServer((incoming, outgoing) => {
    answer(routes, incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function answer(routes: Routes, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
  const method = METHODS.find((name) => name === incoming.method)
  const found = Object.entries(routes).flatMap(([path, handlers]) => {
    const params = paramsOf(path, url.pathname)
    return params === null ? [] : [{ params, handler: method && handlers[method] }]
  })[0]
  if (found?.handler === undefined) {
    outgoing.writeHead(404).end()
    return
  }
  const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array)) // a request streams bytes
  const body = method === 'GET' ? {} : { body: Buffer.concat(chunks) }
  const request = new Request(url, { method: incoming.method ?? 'GET', headers, ...body })
  const response = await found.handler(request, { params: Promise.resolve(found.params) })
  await expectDocumented(request, response)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

function paramsOf(pattern: string, path: string): RouteParams | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return null
  const params: RouteParams = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    const name = /^\[(\w+)\]$/u.exec(part)?.[1]
    if (name !== undefined) params[name] = decodeURIComponent(value)
    else if (part !== value) return null
  }
  return params
}
