/** Lets a loop sleep until there is work; a call that comes while it is awake is not lost. */
export class WorkSignal {
  private raised = false
  private resolve: (() => void) | null = null

  raise(): void {
    this.raised = true
    this.resolve?.()
  }

  async wait(): Promise<void> {
    if (!this.raised) await new Promise<void>((resolve) => {
      this.resolve = resolve
    })
    this.raised = false
    this.resolve = null
  }
}
