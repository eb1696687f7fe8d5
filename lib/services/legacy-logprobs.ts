import type { LegacyLogprobs } from '@/lib/contract/openai'
import type { TokenLogprob } from '@/lib/contract/worker'
import { countCharacters } from '@/lib/domain/characters'
import { StreamingDetokenizer } from '@/lib/tokenizer/streaming-detokenizer'
import type { TextTokenizer } from '@/lib/tokenizer/tokenizer'
import { jsonLogprob } from './completion-events'

/** Writes one choice's log-probabilities in the form of `/v1/completions`, as tokens come. */
export class LegacyLogprobsWriter {
  private offset = 0
  private readonly detokenizer: StreamingDetokenizer | null

  constructor(private readonly tokenizer: TextTokenizer | null) {
    this.detokenizer = tokenizer === null ? null : new StreamingDetokenizer(tokenizer, { skipSpecial: true })
  }

  write(tokens: readonly TokenLogprob[]): LegacyLogprobs {
    return {
      tokens: tokens.map(({ id }) => this.label(id)),
      token_logprobs: tokens.map(({ logprob }) => (logprob === null ? null : jsonLogprob(logprob))),
      top_logprobs: tokens.map((token) => this.alternatives(token)),
      text_offset: tokens.map(({ id }) => this.advance(id)),
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

  private advance(id: number): number {
    const before = this.offset
    this.offset += countCharacters(this.detokenizer?.push(id) ?? '')
    return before
  }
}
