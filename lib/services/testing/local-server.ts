import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

export interface Sent {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

/** What a request meets on its way: nothing, a refusal, or a failure before or after its effect. */
export type Trouble = 'none' | 'limit' | 'fails_before' | 'fails_after' | 'cut_before' | 'cut_after' | 'silent_after'

export const TROUBLES: readonly Trouble[] = ['none', 'limit', 'fails_before', 'fails_after', 'cut_before', 'cut_after', 'silent_after']

export interface Reply {
  status: number
  body?: object
}

export interface LocalServer {
  readonly url: string
  /** Decides about each request; `none` until it is set. */
  trouble: (sent: Sent) => Trouble
}

/** Call at a test file's top level: a server on the loopback for its tests, with an unreliable line to it. */
export function useLocalServer(answer: (sent: Sent) => Reply | Promise<Reply>): LocalServer {
  const server = createServer((request, response) => void serve(request, response))
  const made: LocalServer & { url: string } = { url: '', trouble: () => 'none' }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
    const sent: Sent = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    const trouble = made.trouble(sent)
    const reply = (status: number, content: object = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_test' }).end(JSON.stringify(content))
    }
    if (trouble === 'limit') reply(429, { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' } })
    else if (trouble === 'fails_before') reply(500, { error: { type: 'api_error', message: 'It failed before anything was done.' } })
    else if (trouble === 'cut_before') request.socket.destroy()
    else {
      const result = await answer(sent)
      if (trouble === 'none') reply(result.status, result.body)
      else if (trouble === 'fails_after') reply(500, { error: { type: 'api_error', message: 'It was done, and the answer failed.' } })
      else if (trouble === 'cut_after') request.socket.destroy()
      // silent_after: the answer never comes.
    }
  }

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A server that listens on a port has an address of this kind.
    made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return made
}
