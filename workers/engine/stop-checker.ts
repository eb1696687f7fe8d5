/** The longest end of `text` that a stop sequence could begin with. */
function possibleBeginning(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1))
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(text.length - length)
    if (stops.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}

export interface CheckedText {
  /** Final: no stop sequence can still take it back. */
  text: string
  stopped: boolean
}

/**
 * Watches a text that comes in pieces for stop sequences, which may span pieces. What could be the
 * beginning of one is held back; the text before one is delivered, the sequence itself is not.
 */
export class StopChecker {
  private held = ''

  constructor(private readonly stops: readonly string[]) {}

  push(piece: string): CheckedText {
    const text = this.held + piece
    const found = this.stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0)
    if (found.length > 0) {
      this.held = ''
      return { text: text.slice(0, Math.min(...found)), stopped: true }
    }
    const final = text.length - possibleBeginning(text, this.stops)
    this.held = text.slice(final)
    return { text: text.slice(0, final), stopped: false }
  }

  /** What was held back, once nothing can follow it. */
  flush(): string {
    const text = this.held
    this.held = ''
    return text
  }
}
