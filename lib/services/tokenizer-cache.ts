import type { Checkpoint } from '@/lib/checkpoints/read-checkpoint'
import { loadTokenizer, type TextTokenizer } from '@/lib/tokenizer/tokenizer'

/** Enough for every model in use; a tokenizer takes some tens of megabytes. */
const KEPT = 8

/** Tokenizers by checkpoint, read once while its files do not change. */
export class TokenizerCache {
  /** Least recently used first. */
  private readonly loaded = new Map<string, Promise<TextTokenizer | null>>()

  /** null: the checkpoint has none. Rejects with AppError model_unavailable where it is broken. */
  of(checkpoint: Checkpoint): Promise<TextTokenizer | null> {
    const key = `${checkpoint.dir}\n${checkpoint.fingerprint}`
    const tokenizer = this.loaded.get(key) ?? loadTokenizer(checkpoint.dir)
    this.loaded.delete(key)
    this.loaded.set(key, tokenizer)
    const [oldest] = this.loaded.keys()
    if (this.loaded.size > KEPT && oldest !== undefined) this.loaded.delete(oldest)
    // A file that could not be read may be there the next time.
    tokenizer.catch(() => this.loaded.delete(key))
    return tokenizer
  }
}
