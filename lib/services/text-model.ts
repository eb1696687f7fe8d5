import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import type { CheckpointRegistry } from '@/lib/checkpoints/registry'
import { AppError } from '@/lib/contract/errors'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'

import type { Runtime } from './runtime'

export interface TextModel {
  checkpoint: Checkpoint
  tokenizer: TextTokenizer
}

/** The named model, or the default one, with its tokenizer. AppError model_not_found, or invalid_request where it has no tokenizer. */
export async function findTextModel(runtime: Runtime, registry: CheckpointRegistry, name: string | undefined): Promise<TextModel> {
  const checkpoint = name === undefined ? await registry.default() : await registry.find(name)
  if (checkpoint === null) throw new AppError('model_not_found', `There is no model ${name ?? ''}. Choose another one.`, { param: 'model' })
  const tokenizer = await runtime.tokenizers.of(checkpoint)
  if (tokenizer === null) {
    throw new AppError('invalid_request', `The model ${checkpoint.name} has no tokenizer, so it cannot read text. Choose another one.`, { param: 'model' })
  }
  return { checkpoint, tokenizer }
}
