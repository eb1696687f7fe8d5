import { beforeEach, expect, it } from 'vitest'
import { openSecret, sealSecret } from './secret-box'

beforeEach(() => {
  process.env['NEXTAUTH_SECRET'] = 'a secret of the tests'
})

it('what is sealed opens again, and no two sealed texts are alike', () => {
  const sealed = sealSecret('JBSWY3DP · é')
  expect(openSecret(sealed)).toBe('JBSWY3DP · é')
  expect(sealed).not.toContain('JBSWY3DP')
  expect(sealSecret('JBSWY3DP · é')).not.toBe(sealed)
})

it('nothing opens that was altered, cut or sealed with another secret', () => {
  const sealed = sealSecret('secret')
  const at = sealed.length - 5
  const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
  for (const text of [altered, sealed.slice(0, -4), sealed.replace('v1', 'v2'), '', 'v1.', 'secret']) expect(() => openSecret(text)).toThrow()
  process.env['NEXTAUTH_SECRET'] = 'another secret'
  expect(() => openSecret(sealed)).toThrow()
})
