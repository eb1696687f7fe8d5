import { openSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { workerCompletionRequest, type WorkerCompletionEvent, type WorkerCompletionRequest, type WorkerHealth } from '@/lib/contract/worker'

/**
 * A worker that speaks lib/contract and computes nothing: it answers at once with as many tokens as a
 * request's seed says, each the text ` x`. What it is about to send it first writes to STUB_LOG, which
 * outlives it: whoever kills it knows the most that anybody can have received.
 */

const log = openSync(process.env['STUB_LOG'] ?? '/dev/null', 'a')
const token = { id: 300, text: ' x' }

const health: WorkerHealth = {
  status: 'ok',
  backend: 'wasm',
  tensorflow: null,
  fallback_reason: 'It is a stand-in.',
  gpu: false,
  model: 'parley-mini-0',
  loaded: [],
  running: 0,
  waiting: 0,
  tensors: 0,
  error: null,
}

/** A number below `most` that depends on the seed, the choice and the purpose alone. */
function draw(seed: number, choice: number, most: number): number {
  return (Math.imul(seed ^ (choice * 0x9e3779b1), 0x85ebca6b) >>> 8) % most
}

async function readBody(request: IncomingMessage): Promise<WorkerCompletionRequest> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += String(chunk)
  return workerCompletionRequest.parse(JSON.parse(text))
}

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const left = Array.from({ length: body.n }, (_, choice) => Math.min(body.max_tokens, 1 + draw(body.seed, choice, 40)))
  const send = (event: WorkerCompletionEvent): void => {
    const tokens = event.choices.reduce((sum, choice) => sum + choice.token_ids.length, 0)
    writeSync(log, `${body.request_id} ${tokens}\n`)
    response.write(`data: ${JSON.stringify(event)}\n\n`)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  await delay(2 + draw(body.seed, 99, 15))
  for (let step = 0; left.some((count) => count > 0); step++) {
    if (response.destroyed) return
    const choices = left.flatMap((count, index) => {
      if (count === 0) return []
      left[index] = count - 1
      return [{ index, token_ids: [token.id], text: token.text, logprobs: null, finish_reason: count === 1 ? ('stop' as const) : null }]
    })
    send({ choices })
    if (step % 4 === 0) await delay(1 + draw(body.seed, step, 6))
  }
  if (body.max_tokens === 0) send({ choices: left.map((_, index) => ({ index, token_ids: [], text: '', logprobs: null, finish_reason: 'length' as const })) })
  response.end('data: [DONE]\n\n')
}

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    complete(request, response).catch(() => response.destroy())
    return
  }
  const models = { object: 'list', data: [{ id: health.model, object: 'model', created: 0, owned_by: 'parley' }] }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.url === '/health' ? health : models))
})
server.listen(Number(process.env['WORKER_PORT']), '127.0.0.1', () => process.stdout.write('listening\n'))
