import { expect, it } from 'vitest'
import { hashPassword, passwordSchema, verifyPassword } from './passwords'

it('a password verifies against its own hash alone, in either Unicode form', async () => {
  const hash = await hashPassword('caf\u00e9 au lait')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verifyPassword(hash, 'cafe\u0301 au lait')).toBe(true)
  expect(await verifyPassword(hash, 'cafe au lait')).toBe(false)
  expect(await hashPassword('caf\u00e9 au lait')).not.toBe(hash)
})

it('no password opens an account that has none', async () => {
  expect(await verifyPassword(null, '')).toBe(false)
  expect(await verifyPassword(null, 'anything')).toBe(false)
})

it('a password has 8 to 200 characters', () => {
  expect([7, 8, 200, 201].map((length) => passwordSchema.safeParse('x'.repeat(length)).success)).toEqual([false, true, true, false])
})
