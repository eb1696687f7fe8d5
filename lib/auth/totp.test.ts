import { TOTP } from 'otpauth'
import { expect, it } from 'vitest'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes'
import { newTotpSecret, totpStep, totpUri } from './totp'

/** The secret of RFC 6238's table, whose codes have eight digits there and their last six here. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

it.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1234567890, '005924'],
  [20000000000, '353130'],
])('at %i seconds the code is the one of RFC 6238', (seconds, code) => {
  expect(totpStep(SECRET, code, seconds * 1000)).toBe(BigInt(Math.floor(seconds / 30)))
})

it('a code is good one step early and one step late, and at no other time', () => {
  const code = '081804'
  const at = 1111111109_000
  const steps = [-2, -1, 0, 1, 2].map((late) => totpStep(SECRET, code, at + late * 30_000) !== null)
  expect(steps).toEqual([false, true, true, true, false])
  for (const other of ['081805', '', '81804', '0818041', 'abcdef']) expect(totpStep(SECRET, other, at)).toBeNull()
  expect(totpStep(SECRET, '081 804', at)).not.toBeNull()
})

it('what an app scans gives the same codes', () => {
  const secret = newTotpSecret()
  const uri = totpUri(secret, 'ada@example.com')
  expect(uri).toMatch(/^otpauth:\/\/totp\/Parley:ada%40example\.com\?/)
  const read = new URL(uri).searchParams
  const code = TOTP.generate({ secret: new TOTP({ secret: read.get('secret') ?? '' }).secret })
  expect(totpStep(secret, code, Date.now())).not.toBeNull()
})

it('ten recovery codes are ten, and each is known however it is typed', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes.map(recoveryCodeHash)).size).toBe(10)
  for (const code of codes) {
    expect(code).toMatch(/^(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}$/)
    expect(recoveryCodeHash(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(recoveryCodeHash(code))
  }
  for (const other of ['', '123456', codes[0]?.slice(1) ?? '']) expect(recoveryCodeHash(other)).toBeNull()
})
