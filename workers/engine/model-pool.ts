import { AppError } from '@/lib/contract/errors'
import type { LoadedModel, SequenceCache } from './language-model'

/** A checkpoint as the pool sees it. */
export interface ModelFolder {
  name: string
  /** Changes when the folder's files change. */
  fingerprint: string
  /** What its weights will take, as far as its files tell. */
  bytes: number
}

export interface ModelSource<Folder extends ModelFolder, Cache extends SequenceCache<Cache>> {
  /** null: there is none of that name. */
  find(name: string): Promise<Folder | null>
  load(folder: Folder): Promise<LoadedModel<Cache>>
}

/** Holds a model in memory until it is released. */
export interface ModelLease<Cache extends SequenceCache<Cache>> {
  readonly loaded: LoadedModel<Cache>
  release(): void
}

interface Entry<Cache extends SequenceCache<Cache>> {
  readonly fingerprint: string
  readonly loaded: LoadedModel<Cache>
  leases: number
  lastUsed: number
}

interface Failure {
  fingerprint: string
  error: AppError
}

function unavailable(name: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('model_unavailable', `The model "${name}" cannot be loaded: ${reason}`, { cause: error, param: 'model' })
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`
}

/**
 * The models in memory. Loads one at a time, when it is first asked for; makes room by giving up the
 * one that has not been used for longest, never one in use. A folder that changed is loaded anew,
 * and one that failed is tried again only once it has changed.
 */
export class ModelPool<Folder extends ModelFolder, Cache extends SequenceCache<Cache>> {
  private readonly entries = new Map<string, Entry<Cache>>()
  private readonly replaced = new Set<Entry<Cache>>()
  private readonly failures = new Map<string, Failure>()
  private turn: Promise<unknown> = Promise.resolve()
  private uses = 0

  constructor(
    private readonly source: ModelSource<Folder, Cache>,
    private readonly limitBytes: number,
  ) {}

  loaded(): { name: string; bytes: number }[] {
    return [...this.entries.values()].map(({ loaded }) => ({ name: loaded.name, bytes: loaded.model.bytes }))
  }

  /** Throws AppError model_not_found, model_unavailable with the reason, or overloaded while there is no room. */
  async acquire(name: string): Promise<ModelLease<Cache>> {
    const folder = await this.source.find(name).catch((error: unknown) => {
      throw unavailable(name, error)
    })
    if (folder === null) throw new AppError('model_not_found', `There is no model "${name}".`, { param: 'model' })
    const ready = this.ready(folder)
    if (ready !== null) return this.lease(ready)
    const loading = this.turn.then(() => this.loadUnlessReady(folder))
    this.turn = loading.catch(() => undefined)
    return loading
  }

  dispose(): void {
    for (const entry of [...this.entries.values(), ...this.replaced]) entry.loaded.model.dispose()
    this.entries.clear()
    this.replaced.clear()
  }

  private ready(folder: Folder): Entry<Cache> | null {
    const entry = this.entries.get(folder.name)
    return entry?.fingerprint === folder.fingerprint ? entry : null
  }

  private async loadUnlessReady(folder: Folder): Promise<ModelLease<Cache>> {
    const ready = this.ready(folder)
    if (ready !== null) return this.lease(ready)
    const failure = this.failures.get(folder.name)
    if (failure?.fingerprint === folder.fingerprint) throw failure.error
    this.retire(folder.name)
    this.makeRoom(folder)
    const loaded = await this.load(folder)
    this.failures.delete(folder.name)
    const entry: Entry<Cache> = { fingerprint: folder.fingerprint, loaded, leases: 0, lastUsed: 0 }
    this.entries.set(folder.name, entry)
    const lease = this.lease(entry)
    // Half-precision files take twice their size in memory, which shows only now.
    while (this.bytes > this.limitBytes && this.evictOne()) continue
    return lease
  }

  private async load(folder: Folder): Promise<LoadedModel<Cache>> {
    try {
      return await this.source.load(folder)
    } catch (error) {
      const failure = { fingerprint: folder.fingerprint, error: unavailable(folder.name, error) }
      this.failures.set(folder.name, failure)
      throw failure.error
    }
  }

  private lease(entry: Entry<Cache>): ModelLease<Cache> {
    entry.leases++
    entry.lastUsed = ++this.uses
    let held = true
    const release = (): void => {
      if (!held) return
      held = false
      entry.leases--
      if (entry.leases === 0 && this.replaced.delete(entry)) entry.loaded.model.dispose()
    }
    return { loaded: entry.loaded, release }
  }

  /** The folder's former content goes as soon as nobody uses it. */
  private retire(name: string): void {
    const entry = this.entries.get(name)
    if (entry === undefined) return
    this.entries.delete(name)
    if (entry.leases === 0) entry.loaded.model.dispose()
    else this.replaced.add(entry)
  }

  private get bytes(): number {
    return [...this.entries.values(), ...this.replaced].reduce((sum, entry) => sum + entry.loaded.model.bytes, 0)
  }

  private makeRoom({ name, bytes }: Folder): void {
    if (bytes > this.limitBytes) {
      const message = `The model "${name}" takes ${megabytes(bytes)} and the worker may use ${megabytes(this.limitBytes)}; raise PARLEY_MODEL_MEMORY_MB.`
      throw new AppError('model_unavailable', message, { param: 'model' })
    }
    while (this.bytes + bytes > this.limitBytes) {
      if (!this.evictOne()) throw new AppError('overloaded', `There is no memory for the model "${name}" while others are in use.`, { retryAfter: 5 })
    }
  }

  private evictOne(): boolean {
    const idle = [...this.entries].filter(([, entry]) => entry.leases === 0).sort(([, a], [, b]) => a.lastUsed - b.lastUsed)
    const [oldest] = idle
    if (oldest === undefined) return false
    const [name, entry] = oldest
    this.entries.delete(name)
    entry.loaded.model.dispose()
    return true
  }
}
