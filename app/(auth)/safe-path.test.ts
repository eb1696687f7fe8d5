import { describe, expect, it } from 'vitest'

import { safePath } from './safe-path'

describe('safePath', () => {
  it('keeps a path of this site', () => {
    expect(safePath('/chat/1?x=2')).toBe('/chat/1?x=2')
  })

  it.each([undefined, '', 'https://example.com', '//example.com', '/\\example.com', ['/a', '/b']])('leads %j to the chat', (wanted) => {
    expect(safePath(wanted)).toBe('/chat')
  })
})
