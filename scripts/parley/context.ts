import type { Env } from '@/lib/contract/env'
import type { StepPrinter } from '../step-printer'

/** What a command answers: the same in words and, with --json, as one object. */
export interface Outcome {
  json: Readonly<Record<string, unknown>>
  text: string
  /** Something that was looked at is not well; the exit code says so too. */
  failed?: boolean
}

export interface Context {
  env: Env
  /** Whether the answer is to be one JSON object. */
  json: boolean
  /** Absolute PARLEY_DATA. */
  dataDir: string
  /** The project's own `models/`. */
  bundledDir: string
  /** Where the person stands: relative paths that are given start here. */
  workingDir: string
  /** Progress, on stderr. */
  steps: StepPrinter
  /** Writes to stdout, waiting where its reader is slow. */
  write(text: string): Promise<void>
  answer(outcome: Outcome): Promise<void>
}
