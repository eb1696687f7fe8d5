import { findTotp, takeRecoveryCode, takeTotpStep } from '@/lib/db/second-factors'
import { recoveryCodeHash } from './recovery-codes'
import { openSecret } from './secret-box'
import { totpStep } from './totp'

/**
 * Whether the text is a code of the person's authenticator app or one of the recovery codes, and which;
 * null where it is neither. Either is used up by it. The caller counts attempts.
 */
export async function takeSecondFactorCode(userId: string, code: string, now = Date.now()): Promise<'totp' | 'recovery_code' | null> {
  const hash = recoveryCodeHash(code)
  if (hash !== null) return (await takeRecoveryCode(userId, hash)) ? 'recovery_code' : null
  const totp = await findTotp(userId)
  if (totp === null || totp.confirmedAt === null) return null
  const step = totpStep(openSecret(totp.secret), code, now)
  return step !== null && (await takeTotpStep(userId, step)) ? 'totp' : null
}
