import { AppError } from '@/lib/contract/errors'

export type DefaultModelState = { status: 'starting' | 'ok'; name: string; error: null } | { status: 'failed'; name: string; error: string }

/**
 * Loads the default model before anybody asks for it, and says how that went. One that failed is
 * tried again from time to time, so that a folder put right is found without a restart.
 */
export class DefaultModel {
  private current: DefaultModelState

  constructor(
    configured: string,
    private readonly options: {
      /** The name that the configured default goes by. */
      resolve: () => Promise<string>
      load: (name: string) => Promise<void>
      onChange: () => void
      /** Milliseconds. */
      retryEvery: number
    },
  ) {
    this.current = { status: 'starting', name: configured, error: null }
  }

  get state(): DefaultModelState {
    return this.current
  }

  async load(): Promise<void> {
    let name = this.current.name
    try {
      name = await this.options.resolve()
      await this.options.load(name)
      this.current = { status: 'ok', name, error: null }
    } catch (error) {
      this.current = { status: 'failed', name, error: error instanceof AppError ? error.message : 'The default model cannot be loaded; the log says why.' }
      setTimeout(() => void this.load(), this.options.retryEvery).unref()
    }
    this.options.onChange()
  }
}
