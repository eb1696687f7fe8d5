import { createServer } from 'node:http'
import { workerCompletionRequest, type WorkerCompletionEvent, type WorkerHealth } from '@/lib/contract/worker'

/** A worker that computes nothing: it says the same token at once, so that what is measured is everything else. */

const HEALTH: WorkerHealth = {
  status: 'ok',
  backend: 'wasm',
  tensorflow: null,
  fallback_reason: 'It is a stand-in of a benchmark.',
  gpu: false,
  model: 'none',
  loaded: [],
  running: 0,
  waiting: 0,
  tensors: 0,
  error: null,
}

function events(body: string): string {
  const { n, max_tokens: most } = workerCompletionRequest.parse(JSON.parse(body))
  const said: WorkerCompletionEvent = {
    choices: Array.from({ length: n }, (_, index) => ({
      index,
      token_ids: Array.from({ length: Math.min(most, 4) }, () => 40),
      text: 'I see',
      logprobs: null,
      finish_reason: 'stop' as const,
    })),
  }
  return `data: ${JSON.stringify(said)}\n\ndata: [DONE]\n\n`
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(HEALTH))
    return
  }
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events(Buffer.concat(parts).toString('utf8'))))
})
server.keepAliveTimeout = 75_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string') process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${address.port}` })}\n`)
})
// Ends with the benchmark that started it.
process.stdin.on('end', () => process.exit(0)).resume()
