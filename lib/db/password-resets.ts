import { appClient } from './client'
import { databaseError } from './database-error'
import { storableText } from './storable-text'

/** Opens a way to a new password. Null for an unknown address, and where `most` ways are open already. */
export async function requestPasswordReset(
  email: string,
  link: { tokenHash: string; ttlSeconds: number; most: number },
): Promise<{ userId: string; email: string; name: string } | null> {
  const [row] = await appClient().$queryRaw<{ user_id: string; email: string; name: string }[]>`
    SELECT * FROM request_password_reset(${storableText(email)}, ${link.tokenHash}, make_interval(secs => ${link.ttlSeconds}), ${link.most}::int)`
  return row === undefined ? null : { userId: row.user_id, email: row.email, name: row.name }
}

/** Whose password the link sets; null where it is unknown, used or too old. */
export async function findPasswordReset(tokenHash: string): Promise<{ email: string } | null> {
  const [row] = await appClient().$queryRaw<{ email: string }[]>`SELECT * FROM find_password_reset(${tokenHash})`
  return row ?? null
}

/** Sets the password and ends every link, session and lock of that person. Null where the link is unknown, used or too old. */
export async function resetPassword(tokenHash: string, passwordHash: string): Promise<{ userId: string; email: string } | null> {
  try {
    const [row] = await appClient().$queryRaw<{ user_id: string; email: string }[]>`SELECT * FROM reset_password(${tokenHash}, ${passwordHash})`
    return row === undefined ? null : { userId: row.user_id, email: row.email }
  } catch (cause) {
    if (databaseError(cause)?.sqlState === USED_MEANWHILE) return null
    throw cause
  }
}

const USED_MEANWHILE = 'PO003'
