import type { ServerResponse } from 'node:http'
import type { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionEvent } from '@/lib/contract/worker'
import type { JobListener } from '@/workers/engine/job'
import { sendError, workerErrorBody } from './answers'

/** A comment this often shows a waiting client that the worker lives. */
const KEEP_ALIVE_MS = 10_000

/**
 * Answers one request with server-sent events. The stream begins when the engine has accepted the
 * request; what goes wrong before is an ordinary answer with a status, and later the last event.
 */
export class CompletionStream implements JobListener {
  private keepAlive: NodeJS.Timeout | null = null

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.stopKeepAlive())
  }

  accepted(): void {
    this.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    this.response.flushHeaders()
    this.keepAlive = setInterval(() => this.response.write(': waiting\n\n'), KEEP_ALIVE_MS)
  }

  event(event: WorkerCompletionEvent): void {
    this.write(event)
  }

  end(): void {
    this.response.end('data: [DONE]\n\n')
  }

  fail(error: AppError): void {
    if (!this.response.headersSent) {
      sendError(this.response, error)
      return
    }
    this.write(workerErrorBody(error))
    this.response.end()
  }

  private write(data: unknown): void {
    this.response.write(`data: ${JSON.stringify(data)}\n\n`)
  }

  private stopKeepAlive(): void {
    if (this.keepAlive !== null) clearInterval(this.keepAlive)
  }
}
