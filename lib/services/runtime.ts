import type { EngineClient } from '@/lib/engine-client/engine-client'
import type { TokenizerCache } from './tokenizer-cache'

/** What services need of the process they run in. */
export interface Runtime {
  engine: Pick<EngineClient, 'complete'>
  tokenizers: TokenizerCache
}
