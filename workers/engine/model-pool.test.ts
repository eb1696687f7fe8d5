import { describe, expect, it } from 'vitest'
import { ModelPool } from './model-pool'
import type { ModelFolder } from './model-pool'
import { TinyLanguageModel } from './testing/tiny-language-model'

/** Folders of models that take 1000 bytes each. */
class Shelf {
  readonly folders = new Map<string, ModelFolder>()
  readonly loads: string[] = []
  readonly models: TinyLanguageModel[] = []
  broken = false

  put(name: string, fingerprint: string, bytes = 1000): void {
    this.folders.set(name, { name, fingerprint, bytes })
  }

  pool(limitBytes: number) {
    return new ModelPool(
      {
        find: (name: string) => Promise.resolve(this.folders.get(name) ?? null),
        load: (folder: ModelFolder) => {
          this.loads.push(folder.name)
          if (this.broken) return Promise.reject(new Error('tensor wte.weight is cut short'))
          const model = new TinyLanguageModel()
          this.models.push(model)
          return Promise.resolve({ name: folder.name, model, tokenizer: null, endTokenIds: [] })
        },
      },
      limitBytes,
    )
  }
}

describe('the model pool', () => {
  it('loads a model once, when it is first asked for', async () => {
    const shelf = new Shelf()
    shelf.put('a', '1')
    const pool = shelf.pool(5000)
    expect(shelf.loads).toEqual([])
    const leases = await Promise.all([pool.acquire('a'), pool.acquire('a')])
    expect(shelf.loads).toEqual(['a'])
    expect(leases[0].loaded).toBe(leases[1].loaded)
    expect(pool.loaded()).toEqual([{ name: 'a', bytes: 1000 }])
  })

  it('gives up the one that was not used for longest, and never one in use', async () => {
    const shelf = new Shelf()
    for (const name of ['a', 'b', 'c', 'd']) shelf.put(name, '1')
    const pool = shelf.pool(2000)
    const a = await pool.acquire('a')
    const b = await pool.acquire('b')
    b.release()
    const c = await pool.acquire('c')
    expect(pool.loaded().map(({ name }) => name)).toEqual(['a', 'c'])
    expect(shelf.models.map((model) => model.disposed)).toEqual([false, true, false])
    await expect(pool.acquire('d')).rejects.toMatchObject({ code: 'overloaded', retryAfter: 5 })
    c.release()
    a.release()
    ;(await pool.acquire('a')).release()
    await pool.acquire('d')
    expect(pool.loaded().map(({ name }) => name)).toEqual(['a', 'd'])
  })

  it('says that there is no such model, or no memory that could ever hold it', async () => {
    const shelf = new Shelf()
    shelf.put('huge', '1', 6000)
    const pool = shelf.pool(5000)
    await expect(pool.acquire('none')).rejects.toMatchObject({ code: 'model_not_found', param: 'model' })
    await expect(pool.acquire('huge')).rejects.toThrow(/PARLEY_MODEL_MEMORY_MB/)
  })

  it('reports a model that cannot be loaded with the reason, and tries it again once its folder has changed', async () => {
    const shelf = new Shelf()
    shelf.put('a', '1')
    shelf.put('b', '1')
    shelf.broken = true
    const pool = shelf.pool(5000)
    const failure = { code: 'model_unavailable', message: 'The model "a" cannot be loaded: tensor wte.weight is cut short' }
    await expect(pool.acquire('a')).rejects.toMatchObject(failure)
    shelf.broken = false
    await expect(pool.acquire('a')).rejects.toMatchObject(failure)
    expect(shelf.loads).toEqual(['a'])
    await pool.acquire('b')
    shelf.put('a', '2')
    await pool.acquire('a')
    expect(shelf.loads).toEqual(['a', 'b', 'a'])
  })

  it('serves a folder that changed anew, while those who use the old content keep it', async () => {
    const shelf = new Shelf()
    shelf.put('a', '1')
    const pool = shelf.pool(5000)
    const old = await pool.acquire('a')
    shelf.put('a', '2')
    const current = await pool.acquire('a')
    expect(current.loaded).not.toBe(old.loaded)
    expect(shelf.models.map((model) => model.disposed)).toEqual([false, false])
    old.release()
    old.release()
    expect(shelf.models.map((model) => model.disposed)).toEqual([true, false])
  })
})
