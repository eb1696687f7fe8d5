import { Worker, SHARE_ENV } from 'node:worker_threads'
import { AppError } from '@/lib/contract/errors'
import type { WorkerCompletionRequest, WorkerHealth } from '@/lib/contract/worker'
import type { JobListener } from './job'
import { fromThread } from './messages'
import type { FromThread, ThreadOptions, ToThread } from './messages'

/** The main thread's hold on the engine. Its answers never wait for a step: the status is the last that the engine sent. */
export class EngineThread {
  private readonly listeners = new Map<string, JobListener>()
  private submissions = 0
  private stopping: (() => void) | null = null

  private constructor(
    private readonly worker: Worker,
    private lastStatus: WorkerHealth,
    private readonly onDeath: (error: Error) => void,
  ) {
    worker.on('message', (raw: unknown) => this.receive(fromThread.parse(raw)))
    worker.on('error', (error) => this.die(error))
    worker.on('exit', () => this.die(new Error('The engine thread ended.')))
  }

  /** Resolves once the backend runs; rejects where it does not start. `onDeath`: the thread has died, its requests were told. */
  static start(options: ThreadOptions, onDeath: (error: Error) => void): Promise<EngineThread> {
    // The native library reads its settings from the process's environment.
    const worker = new Worker(new URL('./thread-bootstrap.mjs', import.meta.url), { workerData: options, env: SHARE_ENV })
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The engine thread ended before it began.'))
      worker.once('error', reject)
      worker.once('exit', ended)
      worker.once('message', (raw: unknown) => {
        worker.off('error', reject)
        worker.off('exit', ended)
        const message = fromThread.parse(raw)
        if (message.type === 'status') resolve(new EngineThread(worker, message.status, onDeath))
        else reject(new Error(`The engine thread began with "${message.type}".`))
      })
    })
  }

  status(): WorkerHealth {
    return this.lastStatus
  }

  /** Returns what to call when the client has gone; nothing is said to the listener from then on. */
  submit(request: WorkerCompletionRequest, listener: JobListener): () => void {
    const id = `${++this.submissions}:${request.request_id}`
    this.listeners.set(id, listener)
    this.send({ type: 'submit', id, request })
    return () => {
      if (this.listeners.delete(id)) this.send({ type: 'cancel', id })
    }
  }

  get busy(): boolean {
    return this.listeners.size > 0
  }

  /** Ends every request with what it has so far; resolves when all were told. */
  cancelAll(): Promise<void> {
    return new Promise((resolve) => {
      this.stopping = resolve
      this.send({ type: 'cancel-all' })
    })
  }

  async terminate(): Promise<void> {
    this.worker.removeAllListeners('exit')
    await this.worker.terminate()
  }

  private send(message: ToThread): void {
    this.worker.postMessage(message)
  }

  private receive(message: FromThread): void {
    switch (message.type) {
      case 'status':
        this.lastStatus = message.status
        return
      case 'cancelled-all':
        this.stopping?.()
        return
      case 'accepted':
        this.listeners.get(message.id)?.accepted()
        return
      case 'event':
        this.listeners.get(message.id)?.event(message.event)
        return
      case 'end':
        this.take(message.id)?.end()
        return
      case 'fail':
        this.take(message.id)?.fail(new AppError(message.code, message.message, { retryAfter: message.retryAfter }))
        return
    }
  }

  private take(id: string): JobListener | undefined {
    const listener = this.listeners.get(id)
    this.listeners.delete(id)
    return listener
  }

  private die(error: Error): void {
    this.worker.removeAllListeners('exit')
    const listeners = [...this.listeners.values()]
    this.listeners.clear()
    for (const listener of listeners) listener.fail(new AppError('internal_error', 'The engine has stopped; it is being started again.', { cause: error }))
    this.onDeath(error)
  }
}
