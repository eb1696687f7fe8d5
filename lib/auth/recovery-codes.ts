import { createHash, randomInt } from 'node:crypto'

/** Base 32 without what is easily misread (0 and O, 1, I and L, U). */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LETTERS = 16
const COUNT = 10

/** Ten codes of 78 bits, for whoever has lost the device. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, () => grouped(Array.from({ length: LETTERS }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')))
}

/** What is stored of a code, however it was typed; null where it cannot be one. */
export function recoveryCodeHash(typed: string): string | null {
  const letters = typed.toUpperCase().replace(/[\s-]/gu, '')
  if (letters.length !== LETTERS || !/^[0-9A-Z]+$/u.test(letters)) return null
  return createHash('sha256').update(letters).digest('hex')
}

function grouped(letters: string): string {
  return letters.match(/.{4}/gu)?.join('-') ?? letters
}
