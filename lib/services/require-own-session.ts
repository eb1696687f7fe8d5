import { AppError } from '@/lib/contract/errors'
import type { SessionIdentity } from '@/lib/db/sessions'

/**
 * How a person signs in is changed by the person alone: not by an operator in somebody's place, and not
 * in a session that an organisation's issuer vouches for, since whoever runs the issuer could open one.
 * AppError insufficient_permissions.
 */
export function requireOwnSession({ impersonatedBy, identityProviderId }: Pick<SessionIdentity, 'impersonatedBy' | 'identityProviderId'>): void {
  if (impersonatedBy !== null) throw new AppError('insufficient_permissions', 'You act in somebody’s place. How they sign in is theirs to change.')
  if (identityProviderId !== null) {
    throw new AppError('insufficient_permissions', 'You are signed in through your organisation. To change this, sign in with your own password; “Forgot password?” sets one.')
  }
}
