import path from 'node:path'
import type { Gpt2Config } from '@/lib/contract/checkpoint'
import { AppError } from '@/lib/contract/errors'
import type { TensorEntry } from '@/lib/checkpoints/safetensors-header'

/** Stored types that are widened to float32; any other is refused. */
const WEIGHT_DTYPES: ReadonlySet<string> = new Set(['F32', 'F16', 'BF16'])

/**
 * Name (without the prefix `transformer.`) and shape of every tensor that the architecture needs.
 * Linear weights are Conv1D's: [in, out].
 */
export function gpt2TensorShapes(config: Gpt2Config): ReadonlyMap<string, readonly number[]> {
  const { embedding: d, inner, vocabSize, positions } = config
  const shapes = new Map<string, readonly number[]>([
    ['wte.weight', [vocabSize, d]],
    ['wpe.weight', [positions, d]],
  ])
  for (let layer = 0; layer < config.layers; layer++) {
    const block: readonly (readonly [string, readonly number[]])[] = [
      ['ln_1.weight', [d]],
      ['ln_1.bias', [d]],
      ['attn.c_attn.weight', [d, 3 * d]],
      ['attn.c_attn.bias', [3 * d]],
      ['attn.c_proj.weight', [d, d]],
      ['attn.c_proj.bias', [d]],
      ['ln_2.weight', [d]],
      ['ln_2.bias', [d]],
      ['mlp.c_fc.weight', [d, inner]],
      ['mlp.c_fc.bias', [inner]],
      ['mlp.c_proj.weight', [inner, d]],
      ['mlp.c_proj.bias', [d]],
    ]
    for (const [name, shape] of block) shapes.set(`h.${layer}.${name}`, shape)
  }
  shapes.set('ln_f.weight', [d])
  shapes.set('ln_f.bias', [d])
  if (!config.tied) shapes.set('lm_head.weight', [vocabSize, d])
  return shapes
}

/**
 * The needed tensors under their names without prefix; buffers (`attn.bias`, `attn.masked_bias`) and a
 * duplicate of a tied head are left out. Throws AppError model_unavailable that names the first tensor
 * which is missing, of another shape than config.json says, or of a type that is not read.
 */
export function selectGpt2Tensors(config: Gpt2Config, stored: ReadonlyMap<string, TensorEntry>): ReadonlyMap<string, TensorEntry> {
  const selected = new Map<string, TensorEntry>()
  for (const [name, shape] of gpt2TensorShapes(config)) {
    const entry = stored.get(`transformer.${name}`) ?? stored.get(name)
    if (entry === undefined) throw new AppError('model_unavailable', `The weights lack the tensor ${name}, which config.json calls for.`)
    const where = `${path.basename(entry.file)}, tensor ${entry.name}`
    if (entry.shape.length !== shape.length || entry.shape.some((side, axis) => side !== shape[axis])) {
      throw new AppError('model_unavailable', `${where}: it has the shape [${entry.shape.join(', ')}], and config.json calls for [${shape.join(', ')}].`)
    }
    if (!WEIGHT_DTYPES.has(entry.dtype)) throw new AppError('model_unavailable', `${where}: the type ${entry.dtype} is not read (F32, F16 and BF16 are).`)
    selected.set(name, entry)
  }
  return selected
}
