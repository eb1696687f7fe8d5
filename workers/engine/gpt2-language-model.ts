import { loadTokenizer } from '@/lib/tokenizer/tokenizer'
import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { Gpt2 } from '@/workers/model/gpt2'
import { KvCache } from '@/workers/model/kv-cache'
import type { LanguageModel, LoadedModel } from './language-model'

const FLOAT_BYTES = 4

function languageModel(gpt2: Gpt2): LanguageModel<KvCache> {
  const { config } = gpt2
  return {
    vocabSize: config.vocabSize,
    positions: config.positions,
    bytes: gpt2.bytes,
    // A key and a value of the embedding's width in every layer.
    cacheBytesPerToken: 2 * config.layers * config.embedding * FLOAT_BYTES,
    emptyCache: () => KvCache.empty(config, 1),
    joinCaches: (caches) => KvCache.join(caches),
    prefill: (ids, cache, options) => gpt2.prefill(ids, cache, options),
    decode: (ids, cache) => gpt2.decode(ids, cache),
    dispose: () => gpt2.dispose(),
  }
}

/** Loads a GPT-2 checkpoint with its tokenizer. Throws AppError model_unavailable that names what is wrong. */
export async function loadGpt2Checkpoint(checkpoint: Checkpoint): Promise<LoadedModel<KvCache>> {
  const tokenizer = await loadTokenizer(checkpoint.dir)
  const gpt2 = await Gpt2.load(checkpoint.dir, checkpoint.config)
  return { name: checkpoint.name, model: languageModel(gpt2), tokenizer, endTokenIds: checkpoint.eosTokenIds }
}
