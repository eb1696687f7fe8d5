/** A step of setting up that could not be done: what failed, and what its user can do about it. */
export class SetupError extends Error {
  override readonly name = 'SetupError'

  constructor(
    message: string,
    readonly advice: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options)
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The message of an error as it is shown at a terminal, its advice on a line of its own. */
export function describeFailure(error: unknown): string {
  return error instanceof SetupError ? `${error.message}\n  What to do: ${error.advice}` : messageOf(error)
}
