import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseGpt2Config } from '@/lib/checkpoints/read-checkpoint'
import type { Gpt2Config } from '@/lib/contract/checkpoint'

/** What the reference implementation answers on the checkpoints of `workers/model/fixtures`. */

const numbers = z.array(z.number())

const position = z.object({ row: z.number(), position: z.number(), values: numbers })

const rowSummary = z.object({
  row: z.number(),
  argmax: numbers,
  top1_minus_top2: numbers,
  logsumexp: numbers,
  sum: numbers,
  abs_sum: numbers,
  id_weighted_mean: numbers,
})

/** One processor on its own, or `chain`; ids are absent where every token keeps a probability. */
const processor = z.looseObject({ probs: numbers, ids: numbers.optional() })

const expectedSchema = z.object({
  inputs: z.object({ rows: z.array(numbers) }),
  logits: z.object({ full: z.array(position), per_row: z.array(rowSummary) }),
  greedy: z.object({ continuations: z.array(numbers), ignoring_eos: z.array(numbers) }),
  processors: z.object({ context: numbers, raw_logits: numbers }).catchall(processor),
  logprobs: z.object({
    prompt: numbers,
    continuation: numbers,
    token_logprobs: numbers,
    top5_first_step: z.object({ ids: numbers, logprobs: numbers }),
  }),
})

export interface ReferenceCheckpoint {
  name: string
  dir: string
  config: Gpt2Config
  expected: z.infer<typeof expectedSchema>
}

const FIXTURES = path.join(import.meta.dirname, '../fixtures')

function readJson(dir: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(dir, file), 'utf8'))
}

/** Every checkpoint of the folder, whatever their number and names. */
export function referenceCheckpoints(): ReferenceCheckpoint[] {
  return readdirSync(FIXTURES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => {
    const dir = path.join(FIXTURES, name)
    return {
      name,
      dir,
      config: parseGpt2Config(readFileSync(path.join(dir, 'config.json'), 'utf8')),
      expected: expectedSchema.parse(readJson(dir, 'expected.json')),
    }
  })
}
