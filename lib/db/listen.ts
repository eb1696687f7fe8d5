import pg from 'pg'
import { databaseUrl } from './client'

type Listener = () => void

const RECONNECT_MS = 500

/**
 * One connection that listens for generations and tells every follower in this process. It is
 * opened with the first follower and comes back by itself when it breaks; after each connection
 * every follower is told once, since something may have been missed.
 */
class GenerationListener {
  private readonly followers = new Map<string, Set<Listener>>()
  private client: pg.Client | null = null
  private retry: NodeJS.Timeout | null = null
  private closed = false

  follow(generationId: string, listener: Listener): () => void {
    const set = this.followers.get(generationId) ?? new Set()
    this.followers.set(generationId, set.add(listener))
    if (this.client === null && this.retry === null) this.connect()
    return () => {
      set.delete(listener)
      if (set.size === 0 && this.followers.get(generationId) === set) this.followers.delete(generationId)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.retry !== null) clearTimeout(this.retry)
    const { client } = this
    this.client = null
    await client?.end()
  }

  private connect(): void {
    const client = new pg.Client({ connectionString: databaseUrl('DATABASE_APP_URL'), application_name: 'parley listen', keepAlive: true })
    this.client = client
    let lost = false
    const lose = () => {
      if (lost || this.client !== client || this.closed) return
      lost = true
      this.client = null
      client.end().catch(() => undefined)
      this.retry = setTimeout(() => {
        this.retry = null
        this.connect()
      }, RECONNECT_MS)
      this.retry.unref()
    }
    client.on('error', lose)
    client.on('end', lose)
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) this.tell(payload)
    })
    client
      .connect()
      .then(() => client.query('LISTEN generation'))
      .then(() => {
        for (const generationId of [...this.followers.keys()]) this.tell(generationId)
      })
      .catch(lose)
  }

  private tell(generationId: string): void {
    for (const listener of [...(this.followers.get(generationId) ?? [])]) listener()
  }
}

declare global {
  /** Outlives the module reloads of Next's development server. */
  var parleyGenerationListener: GenerationListener | undefined
}

/**
 * Calls back when a generation was appended to, asked to stop or ended, and once after every
 * (re)connection. Returns how to end it. Followers read what happened from the database.
 */
export function onGeneration(generationId: string, listener: Listener): () => void {
  globalThis.parleyGenerationListener ??= new GenerationListener()
  return globalThis.parleyGenerationListener.follow(generationId, listener)
}

/** Ends the connection; the next follower opens another. */
export async function closeListener(): Promise<void> {
  const listener = globalThis.parleyGenerationListener
  globalThis.parleyGenerationListener = undefined
  await listener?.close()
}
