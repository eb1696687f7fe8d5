import { setTimeout as delay } from 'node:timers/promises'
import { KINDS, perform, type LoadKind, type Observed, type Send } from './load-request'
import type { LoadTenant } from './load-tenants'

export interface Load {
  send: Send
  tenants: readonly LoadTenant[]
  requests: number
  clients: number
  /** How long, at the most, a client waits after a failure: what was killed is being started again. */
  patienceMs: number
  kinds?: readonly LoadKind[]
  /** Called with how many are done. */
  onDone?: (done: number) => void
  random?: () => number
}

/** So many clients, each sending one request after another, until all are done. */
export async function runLoad({ send, tenants, requests, clients, patienceMs, kinds = KINDS, onDone, random = Math.random }: Load): Promise<Observed[]> {
  const observed: Observed[] = []
  const keys = tenants.flatMap((tenant) => tenant.keys)
  let begun = 0
  const client = async (): Promise<void> => {
    while (begun < requests) {
      begun += 1
      const seed = Math.floor(random() * 2 ** 31)
      const [kind, key] = [kinds[Math.floor(random() * kinds.length)], keys[Math.floor(random() * keys.length)]]
      if (kind === undefined || key === undefined) throw new Error('There are kinds and keys.')
      const seen = await perform(send, { kind, key, seed })
      observed.push(seen)
      onDone?.(observed.length)
      if (seen.outcome === 'failed' || seen.outcome === 'lost') await delay(patienceMs * random())
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return observed
}
