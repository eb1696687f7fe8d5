import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gpt2ConfigSchema } from '@/lib/contract/checkpoint'
import type { EngineClient } from '@/lib/engine-client/engine-client'
import { randomTensors, safetensorsBytes } from '@/workers/model/testing/random-checkpoint'
import type { StepPrinter } from '../step-printer'
import { startBenchWorker } from './bench-worker'
import type { BenchResult } from './result'

const BACKENDS = ['tensorflow', 'wasm'] as const
const USERS = [1, 4, 16]
const PROMPT_TOKENS = 64
const NEW_TOKENS = 64
const END_OF_TEXT = 50256
const SEED = 7

/** The shape of `openai-community/gpt2`; what the weights are does not matter to the clock. */
const GPT2_SMALL = { model_type: 'gpt2', vocab_size: 50257, n_positions: 1024, n_embd: 768, n_layer: 12, n_head: 12, eos_token_id: END_OF_TEXT, bos_token_id: END_OF_TEXT }

/**
 * Tokens per second of the serve worker, over HTTP, on the shape of GPT-2 124M: users who come one
 * after another against the same users in one batch, on both backends in the same run.
 */
export async function benchDecode(root: string, steps: StepPrinter): Promise<BenchResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-bench-'))
  try {
    await steps.step('Random weights in the shape of GPT-2 124M', () => writeCheckpoint(folder))
    const rows: (string | number)[][] = []
    for (const backend of BACKENDS) {
      const worker = await steps.step(`A worker on ${backend}`, () => startBenchWorker(root, backend, folder))
      try {
        await tokensPerSecond(worker.client, path.basename(folder), 1)
        const alone = await steps.step(`${backend}: 1 user`, () => tokensPerSecond(worker.client, path.basename(folder), 1))
        for (const users of USERS) {
          const together = users === 1 ? alone : await steps.step(`${backend}: ${users} users`, () => tokensPerSecond(worker.client, path.basename(folder), users))
          rows.push([worker.health.tensorflow === null ? 'wasm' : `TensorFlow ${worker.health.tensorflow}`, users, together, together / alone])
        }
      } finally {
        await worker.stop()
      }
    }
    return {
      title: 'Decode, GPT-2 124M shape, random weights, float32, greedy',
      columns: ['backend', 'users together', 'tokens/s', 'against one user'],
      rows,
      notes: [`${PROMPT_TOKENS} prompt tokens and ${NEW_TOKENS} new ones for each user, through the worker's HTTP, prefill included.`],
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function writeCheckpoint(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(GPT2_SMALL))
  const config = gpt2ConfigSchema.parse(GPT2_SMALL)
  await writeFile(path.join(folder, 'model.safetensors'), safetensorsBytes(randomTensors(config, SEED)))
}

async function tokensPerSecond(client: EngineClient, model: string, users: number): Promise<number> {
  const started = performance.now()
  const counts = await Promise.all(Array.from({ length: users }, (_, user) => generate(client, model, user)))
  const seconds = (performance.now() - started) / 1000
  return counts.reduce((sum, count) => sum + count, 0) / seconds
}

async function generate(client: EngineClient, model: string, user: number): Promise<number> {
  const request = {
    request_id: `bench-${user}-${performance.now()}`,
    model,
    prompt: Array.from({ length: PROMPT_TOKENS }, (_, place) => (user * 7919 + place * 104729) % END_OF_TEXT),
    max_tokens: NEW_TOKENS,
    temperature: 0,
    logit_bias: { [END_OF_TEXT]: -100 },
  }
  let tokens = 0
  for await (const event of client.complete(request, AbortSignal.timeout(600_000))) {
    for (const choice of event.choices) tokens += choice.token_ids.length
  }
  return tokens
}
