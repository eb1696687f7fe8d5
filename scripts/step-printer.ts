/** Tells where a running step stands: `part` is the fraction done, where it is known. */
export type Progress = (text: string, part?: number) => void

interface Output {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

const QUIET_MS = 2000
const LINE_EVERY_MS = 5000

/** Prints steps with their times: one line that is redrawn on a terminal, a line every few seconds in a log. */
export class StepPrinter {
  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {}

  note(text: string): void {
    this.output.write(`  ${text}\n`)
  }

  /** Runs one step; the line that ends it says how long it took, also where it failed. */
  async step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    const started = this.now()
    const seconds = () => ((this.now() - started) / 1000).toFixed(1)
    const terminal = this.output.isTTY === true
    let state = ''
    let printed = started + QUIET_MS - LINE_EVERY_MS
    const draw = () => {
      if (terminal) this.output.write(`\r\x1b[2K… ${`${title} ${state}`.slice(0, (this.output.columns ?? 80) - 14)} ${seconds()} s`)
      else if (this.now() - printed >= LINE_EVERY_MS) {
        printed = this.now()
        this.output.write(`… ${title} ${state} (${seconds()} s)\n`)
      }
    }
    const end = (mark: string) => this.output.write(`${terminal ? '\r\x1b[2K' : ''}${mark} ${title}  ${seconds()} s\n`)
    const timer = setInterval(draw, terminal ? 200 : 1000)
    try {
      const result = await work((text, part) => {
        state = part === undefined ? text : `${bar(part)} ${text}`
      })
      end('✓')
      return result
    } catch (error) {
      end('✗')
      throw error
    } finally {
      clearInterval(timer)
    }
  }
}

function bar(part: number): string {
  const filled = Math.round(Math.min(Math.max(part, 0), 1) * 20)
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toString()} MB`
}
