import pg from 'pg'
import { databaseUrl } from './client'

type Listener = () => void

const RECONNECT_MS = 500

/** What is said of an id is remembered for so long, for a follower who learned of the id only then. */
const REMEMBERED_MS = 30_000

/**
 * One connection that listens for news of generations, keys and organisations, each known by its id,
 * and tells every follower in this process. It is opened with the first follower and comes back by
 * itself when it breaks; after each connection every follower is told once, since something may have
 * been missed.
 */
class NewsListener {
  private readonly followers = new Map<string, Set<Listener>>()
  /** Keys and organisations whose access ended lately. */
  private readonly ended = new Map<string, NodeJS.Timeout>()
  private client: pg.Client | null = null
  private retry: NodeJS.Timeout | null = null
  private closed = false

  follow(id: string, listener: Listener): () => void {
    const set = this.followers.get(id) ?? new Set()
    this.followers.set(id, set.add(listener))
    if (this.client === null && this.retry === null) this.connect()
    if (this.ended.has(id)) listener()
    return () => {
      set.delete(listener)
      if (set.size === 0 && this.followers.get(id) === set) this.followers.delete(id)
    }
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.retry !== null) clearTimeout(this.retry)
    for (const timer of this.ended.values()) clearTimeout(timer)
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
    client.on('notification', ({ channel, payload }) => {
      if (payload === undefined) return
      if (channel === 'access_ended') this.remember(payload)
      this.tell(payload)
    })
    client
      .connect()
      .then(() => client.query('LISTEN generation; LISTEN access_ended'))
      .then(() => {
        for (const id of [...this.followers.keys()]) this.tell(id)
      })
      .catch(lose)
  }

  private remember(id: string): void {
    clearTimeout(this.ended.get(id))
    this.ended.set(id, setTimeout(() => this.ended.delete(id), REMEMBERED_MS).unref())
  }

  private tell(id: string): void {
    for (const listener of [...(this.followers.get(id) ?? [])]) listener()
  }
}

declare global {
  /** Outlives the module reloads of Next's development server. */
  var parleyNewsListener: NewsListener | undefined
}

function follow(id: string, listener: Listener): () => void {
  globalThis.parleyNewsListener ??= new NewsListener()
  return globalThis.parleyNewsListener.follow(id, listener)
}

/**
 * Calls back when a generation was appended to, asked to stop or ended, and once after every
 * (re)connection. Returns how to end it. Followers read what happened from the database.
 */
export function onGeneration(generationId: string, listener: Listener): () => void {
  return follow(generationId, listener)
}

/**
 * Calls back when the key was revoked, or its organisation suspended or erased, and once after every
 * (re)connection. Returns how to end it. Followers read what happened from the database.
 */
export function onAccessEnded({ keyId, orgId }: { keyId: string; orgId: string }, listener: Listener): () => void {
  const ends = [follow(keyId, listener), follow(orgId, listener)]
  return () => {
    for (const end of ends) end()
  }
}

/** Ends the connection; the next follower opens another. */
export async function closeListener(): Promise<void> {
  const listener = globalThis.parleyNewsListener
  globalThis.parleyNewsListener = undefined
  await listener?.close()
}
