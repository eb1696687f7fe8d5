import { describe, expect, it } from 'vitest'
import { assertMayBind, isAuthorized } from './authorization'

describe('the bearer token', () => {
  it('opens to itself alone', () => {
    expect(isAuthorized('Bearer secret', 'secret')).toBe(true)
    expect(isAuthorized('bearer secret', 'secret')).toBe(true)
    for (const header of [undefined, '', 'secret', 'Bearer ', 'Bearer secre', 'Bearer secrets', 'Basic secret']) {
      expect(isAuthorized(header, 'secret')).toBe(false)
    }
  })

  it('is not asked for where there is none', () => {
    expect(isAuthorized(undefined, null)).toBe(true)
  })

  it('is needed to bind where others can reach', () => {
    for (const host of ['127.0.0.1', '127.0.0.53', '::1', 'localhost']) expect(() => assertMayBind(host, null)).not.toThrow()
    for (const host of ['0.0.0.0', '::', '10.0.0.5', '127.evil.example', 'worker']) {
      expect(() => assertMayBind(host, null)).toThrow(/WORKER_TOKEN/)
      expect(() => assertMayBind(host, 'secret')).not.toThrow()
    }
  })
})
