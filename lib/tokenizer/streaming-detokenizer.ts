import type { TextTokenizer } from './tokenizer'

/**
 * Turns tokens into text as they come. What `push` returns is final: a character whose bytes are
 * spread over tokens is held back until it is whole, so that the pieces joined equal the decoded whole.
 */
export class StreamingDetokenizer {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  constructor(
    private readonly tokenizer: TextTokenizer,
    private readonly options: { skipSpecial?: boolean } = {},
  ) {}

  push(id: number): string {
    if (this.options.skipSpecial === true && this.tokenizer.isSpecial(id)) return ''
    return this.decoder.decode(this.tokenizer.tokenBytes(id), { stream: true })
  }

  /** The rest: U+FFFD for a character that was left unfinished. */
  flush(): string {
    return this.decoder.decode()
  }
}
