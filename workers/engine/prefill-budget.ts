const LEAST = 16
const MOST = 512

/**
 * How many prompt tokens one step of a model may read, so that it takes about `targetMs` on this
 * machine, whatever the model and the backend: learnt from the steps themselves.
 */
export class PrefillBudget {
  private budget = 64

  constructor(private readonly targetMs: number) {}

  get tokens(): number {
    return this.budget
  }

  observe(tokens: number, elapsedMs: number): void {
    // A short chunk is mostly overhead and says little about a long one.
    if (tokens < LEAST) return
    const bearable = (tokens * this.targetMs) / Math.max(elapsedMs, 0.1)
    this.budget = Math.round(Math.min(MOST, 2 * this.budget, Math.max(LEAST, bearable)))
  }
}
