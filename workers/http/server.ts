import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { AppError } from '@/lib/contract/errors'
import { workerCompletionRequest } from '@/lib/contract/worker'
import type { WorkerCompletionRequest, WorkerHealth } from '@/lib/contract/worker'
import type { JobListener } from '@/workers/engine/job'
import { asAppError, sendError, sendJson } from './answers'
import { isAuthorized } from './authorization'
import { CompletionStream } from './completion-stream'
import { readJsonBody } from './json-body'

export interface ServedModel {
  id: string
  /** Seconds since 1970. */
  created: number
}

export interface WorkerServerOptions {
  /** Returns what to call when the client has gone. */
  submit: (request: WorkerCompletionRequest, listener: JobListener) => () => void
  health: () => WorkerHealth
  models: () => Promise<ServedModel[]>
  /** null: anyone who reaches the worker may use it. */
  token: string | null
  /** While true no request is taken. */
  draining: () => boolean
  log: Logger
}

async function complete(request: IncomingMessage, response: ServerResponse, options: WorkerServerOptions): Promise<void> {
  const body = await readJsonBody(request, workerCompletionRequest)
  if (options.draining()) throw new AppError('model_unavailable', 'The worker is stopping.')
  const malformed = body.stop.find((stop) => !isWellFormed(stop))
  if (malformed !== undefined) throw new AppError('invalid_request', 'stop: half a surrogate pair is no text.', { param: 'stop' })
  if (response.destroyed) return
  const started = performance.now()
  const cancel = options.submit(body, new CompletionStream(response))
  response.once('close', () => {
    if (!response.writableFinished) cancel()
    options.log.info({ request: body.request_id, model: body.model, promptTokens: body.prompt.length, choices: body.n, status: response.statusCode, complete: response.writableFinished, ms: Math.round(performance.now() - started) }, 'completion')
  })
}

function isWellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text
}

async function listModels(response: ServerResponse, options: WorkerServerOptions): Promise<void> {
  const models = await options.models()
  sendJson(response, 200, { object: 'list', data: models.map((model) => ({ ...model, object: 'model', owned_by: 'parley' })) })
}

async function route(request: IncomingMessage, response: ServerResponse, options: WorkerServerOptions): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?')
  // Health is open, so that a balancer can ask without the token.
  if (request.method === 'GET' && path === '/health') {
    sendJson(response, 200, options.health())
    return
  }
  if (!isAuthorized(request.headers.authorization, options.token)) throw new AppError('unauthenticated', 'The bearer token is missing or is not WORKER_TOKEN.')
  if (request.method === 'GET' && path === '/v1/models') return listModels(response, options)
  if (request.method === 'POST' && path === '/v1/completions') return complete(request, response, options)
  throw new AppError('not_found', `There is no ${request.method ?? ''} ${path} here.`)
}

/** The worker's HTTP side: the contract in, the engine's events out. */
export function createWorkerServer(options: WorkerServerOptions): Server {
  return createServer((request, response) => {
    route(request, response, options).catch((error: unknown) => {
      const shown = asAppError(error)
      if (shown.status >= 500) options.log.error({ err: shown.cause ?? shown }, shown.message)
      if (response.headersSent) response.destroy()
      else sendError(response, shown)
    })
  })
}
