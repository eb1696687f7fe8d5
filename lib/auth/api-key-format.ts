import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LENGTH = 40
const CHECKSUM_LENGTH = 6
const SHOWN_LENGTH = 11

const KEY = new RegExp(`^(pk_[0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`)

export interface ApiKeyDigest {
  /** Fit to be shown: the key's first characters. */
  prefix: string
  /** sha256 of the whole key, hex: what is stored. */
  hash: string
}

/** `pk_`, 40 random characters (238 bits) and a checksum, so that a mistyped key, or a leaked one, can be told without a database. */
export function newApiKey(): ApiKeyDigest & { key: string } {
  const secret = Array.from({ length: SECRET_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
  const body = `pk_${secret}`
  const key = body + checksum(body)
  return { key, ...digest(key) }
}

/** Null where the text cannot be a key of ours. */
export function parseApiKey(text: string): ApiKeyDigest | null {
  const [, body, check] = KEY.exec(text) ?? []
  if (body === undefined || check !== checksum(body)) return null
  return digest(text)
}

function digest(key: string): ApiKeyDigest {
  return { prefix: key.slice(0, SHOWN_LENGTH), hash: createHash('sha256').update(key).digest('hex') }
}

/** CRC-32 in base 62, padded. */
function checksum(body: string): string {
  let rest = crc32(body)
  let text = ''
  while (text.length < CHECKSUM_LENGTH) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text
    rest = Math.floor(rest / ALPHABET.length)
  }
  return text
}
