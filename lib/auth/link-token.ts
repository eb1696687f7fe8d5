import { createHash, randomBytes } from 'node:crypto'

export interface LinkToken {
  /** What the link carries, in base64url; whoever has it may use it. */
  token: string
  /** sha256, hex: what is stored. */
  hash: string
}

/** 32 random bytes for a link that is used once. */
export function newLinkToken(): LinkToken {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashLinkToken(token) }
}

export function hashLinkToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
