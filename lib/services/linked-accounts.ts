import { confirmPerson } from '@/lib/auth/sign-in'
import { AppError } from '@/lib/contract/errors'
import type { Confirmation } from '@/lib/contract/sign-in'
import { recordPersonAudit } from '@/lib/db/audit'
import { listLinkedAccounts, unlinkAccount, type ForeignIdentity } from '@/lib/db/linked-accounts'
import { allowLinking } from '@/lib/db/sessions'
import { findOwnAccount } from '@/lib/db/users'
import type { Actor } from './actor'
import { requireOwnSession } from './require-own-session'

/** Time enough to sign in at the provider. */
const LINKING_SECONDS = 10 * 60

/** Lets this session link one more account elsewhere, by signing in there next. Errors as `confirmPerson` has them. */
export async function beginLinking(actor: Actor, confirmation: Confirmation): Promise<void> {
  requireOwnSession(actor)
  await confirmPerson(actor.email, confirmation, actor.origin)
  await allowLinking(actor.userId, actor.sessionId, LINKING_SECONDS)
}

/** AppError `not_found` where it is not one of the person's, `conflict` where there is no other way in. */
export async function unlink(actor: Actor, account: ForeignIdentity, confirmation: Confirmation): Promise<void> {
  requireOwnSession(actor)
  const { userId, email, origin } = actor
  const [linked, own] = await Promise.all([listLinkedAccounts(userId), findOwnAccount(userId)])
  const { provider, subject } = account
  const found = linked.find((candidate) => candidate.provider === provider && candidate.subject === subject)
  if (found === undefined) throw new AppError('not_found', 'This account is not linked.')
  if (linked.length === 1 && own?.hasPassword !== true) throw new AppError('conflict', 'This is your only way to sign in. Set a password first.')
  await confirmPerson(email, confirmation, origin)
  await unlinkAccount(userId, account)
  await recordPersonAudit(userId, { action: 'provider.unlinked', target: found.email, details: { provider }, ...origin })
}
