import { Secret, TOTP } from 'otpauth'

const STEP_SECONDS = 30
/** A clock may be one step ahead or behind. */
const WINDOW = 1

/** 160 random bits in base 32, as authenticator apps take them. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** The address that an authenticator app scans. */
export function totpUri(secret: string, email: string): string {
  return totp(secret, email).toString()
}

/** The 30-second step that the code stands for, counted from 1970; null where it is none of around now. RFC 6238. */
export function totpStep(secret: string, code: string, now: number): bigint | null {
  const digits = code.replace(/\s/gu, '')
  if (!/^\d{6}$/u.test(digits)) return null
  const delta = totp(secret, '').validate({ token: digits, timestamp: now, window: WINDOW })
  return delta === null ? null : BigInt(Math.floor(now / 1000 / STEP_SECONDS) + delta)
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Parley', label, secret: Secret.fromBase32(secret), digits: 6, period: STEP_SECONDS, algorithm: 'SHA1' })
}
