import { hash, verify } from '@node-rs/argon2'
import { z } from 'zod'

export const passwordSchema = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(200, 'A password has at most 200 characters.')

/**
 * argon2id with the least parameters that OWASP recommends: 19 MiB, 2 passes, 1 lane.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The hash of a password that nobody knows, of the same cost. */
const NOBODYS_HASH = '$argon2id$v=19$m=19456,t=2,p=1$5hU5nkz/9pun7/MhI4mmEQ$BctOAOmmoATExzkiDAtVylC+vIlU4oW4JzDkITgHUBg'

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST)
}

/** Does the same work where there is no hash, and is then false. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? NOBODYS_HASH, password.normalize('NFKC'))
  return matches && passwordHash !== null
}
