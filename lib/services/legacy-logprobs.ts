import type { LegacyLogprobs } from '@/lib/contract/openai'
import type { TokenLogprob } from '@/lib/contract/worker'
import { countCharacters } from '@/lib/domain/characters'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { jsonLogprob } from './completion-events'

/** Writes one choice's log-probabilities in the form of `/v1/completions`, as tokens come. */
export class LegacyLogprobsWriter {
  private offset = 0
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  constructor(private readonly tokenizer: TextTokenizer | null) {}

  /** A prompt is echoed with its special tokens, which are no part of an answer's text. */
  write(tokens: readonly TokenLogprob[], of: 'prompt' | 'answer'): LegacyLogprobs {
    return {
      tokens: tokens.map(({ id }) => this.label(id)),
      token_logprobs: tokens.map(({ logprob }) => (logprob === null ? null : jsonLogprob(logprob))),
      top_logprobs: tokens.map((token) => this.alternatives(token)),
      text_offset: tokens.map(({ id }) => this.advance(id, of)),
    }
  }

  /** The alternatives by name, the token itself always among them; null for a prompt's first token. */
  private alternatives({ id, logprob, top }: TokenLogprob): Record<string, number> | null {
    if (logprob === null) return null
    const named: Record<string, number> = {}
    // Tokens of different ids may read alike; the most probable is kept.
    for (const alternative of [...top, { id, logprob }]) named[this.label(alternative.id)] ??= jsonLogprob(alternative.logprob)
    return named
  }

  private label(id: number): string {
    return this.tokenizer === null ? `token_id:${id}` : this.tokenizer.tokenText(id)
  }

  /** Where the token begins. */
  private advance(id: number, of: 'prompt' | 'answer'): number {
    const before = this.offset
    const written = this.tokenizer !== null && (of === 'prompt' || !this.tokenizer.isSpecial(id))
    if (written) this.offset += countCharacters(this.decoder.decode(this.tokenizer.tokenBytes(id), { stream: true }))
    return before
  }
}
