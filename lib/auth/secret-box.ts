import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const VERSION = 'v1'
const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Encrypts a text that must be read again (a TOTP secret, a client secret), so that the database alone does not tell it. */
export function sealSecret(text: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key(), nonce)
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${sealed.toString('base64url')}`
}

/** Throws where the text was altered, or sealed under another NEXTAUTH_SECRET. */
export function openSecret(sealed: string): string {
  const [version, body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  if (version !== VERSION || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('This is no sealed secret.')
  const decipher = createDecipheriv(ALGORITHM, key(), bytes.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
}

/** Derived, so that what signs the sessions encrypts nothing itself. */
function key(): Buffer {
  const secret = process.env['NEXTAUTH_SECRET']
  if (secret === undefined || secret === '') throw new Error('NEXTAUTH_SECRET is not set: nothing can be sealed.')
  return Buffer.from(hkdfSync('sha256', secret, 'parley', 'secret box', 32))
}
