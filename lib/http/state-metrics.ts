import { Gauge, type Registry } from 'prom-client'
import { poolStates } from '@/lib/db/client'
import { ledgerTotals } from '@/lib/db/ledger-totals'
import { serverContext } from './server-context'

declare global {
  var parleyStateMetrics: (() => Promise<void>) | undefined
}

/** Sets what is not counted but looked up: the ledger, the worker, the pools. A part that does not answer is reported as down. */
export function setStateMetrics(registry: Registry): Promise<void> {
  return (globalThis.parleyStateMetrics ??= stateMetrics(registry))()
}

function stateMetrics(registry: Registry): () => Promise<void> {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) => new Gauge<L>({ name, help, labelNames: [...labelNames], registers: [registry] })
  const database = gauge('parley_database_up', 'Whether the database answers.')
  const holds = gauge('parley_ledger_holds', 'Holds of requests under way, over all processes.')
  const held = gauge('parley_ledger_held_tokens', 'Tokens that they hold.')
  const tokens = gauge('parley_ledger_settled_tokens', 'Prompt and completion tokens settled since the installation began.')
  const characters = gauge('parley_ledger_settled_characters', 'Translated characters settled since the installation began.')
  const pool = gauge('parley_database_pool_connections', "This process's connections, by role and state; waiting are queries without one.", ['role', 'state'])
  const worker = gauge('parley_worker_up', 'Whether the worker answers and has its model.', ['backend', 'model'])
  const running = gauge('parley_worker_running', 'Sequences that the worker decodes.')
  const waiting = gauge('parley_worker_waiting', 'Requests that wait for the worker.')
  const sampled = gauge('parley_worker_sampled_tokens', 'Tokens that the worker sampled since it started.')
  const read = gauge('parley_worker_prompt_tokens', 'Tokens of prompts that the worker read since it started.')
  const memory = gauge('parley_worker_memory_bytes', 'Memory of the worker process.')

  const ledger = async (): Promise<void> => {
    try {
      const totals = await ledgerTotals()
      holds.set(totals.holds)
      held.set(totals.tokensHeld)
      tokens.set(totals.tokensUsed)
      characters.set(totals.charactersUsed)
      database.set(1)
    } catch (error) {
      serverContext().logger.warn({ err: error }, 'the ledger could not be read for the metrics')
      database.set(0)
    }
  }
  const health = async (): Promise<void> => {
    worker.reset()
    try {
      const state = await serverContext().engine().health(AbortSignal.timeout(3000))
      worker.set({ backend: state.backend, model: state.model }, state.status === 'ok' ? 1 : 0)
      running.set(state.running)
      waiting.set(state.waiting)
      if (state.activity === undefined) return
      sampled.set(state.activity.sampled_tokens)
      read.set(state.activity.prompt_tokens)
      memory.set(state.activity.memory_bytes)
    } catch {
      worker.set({ backend: 'unknown', model: 'unknown' }, 0)
      running.set(0)
      waiting.set(0)
    }
  }
  return async () => {
    await Promise.all([ledger(), health()])
    for (const { role, open, idle, waiting: queued } of poolStates()) {
      pool.set({ role, state: 'busy' }, open - idle)
      pool.set({ role, state: 'idle' }, idle)
      pool.set({ role, state: 'waiting' }, queued)
    }
  }
}
