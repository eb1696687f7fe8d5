import { describe, expect, it, vi } from 'vitest'
import { AppError } from './errors'

describe('AppError', () => {
  it('is recognised when another copy of the module made it', async () => {
    vi.resetModules()
    const copy = await import('./errors')
    expect(copy.AppError).not.toBe(AppError)
    expect(new copy.AppError('not_found', 'There is none.')).toBeInstanceOf(AppError)
  })

  it('is told apart from its subclasses', () => {
    class Refined extends AppError {}
    expect(new AppError('not_found', 'There is none.')).not.toBeInstanceOf(Refined)
    expect(new Refined('not_found', 'There is none.')).toBeInstanceOf(AppError)
  })

  it('is not any other error, nor a look-alike', () => {
    expect(new Error('There is none.')).not.toBeInstanceOf(AppError)
    expect({ name: 'AppError', code: 'not_found' }).not.toBeInstanceOf(AppError)
  })
})
