import { confirmPassword } from '@/lib/auth/confirm-password'
import { hashLinkToken } from '@/lib/auth/link-token'
import type { RequestOrigin } from '@/lib/auth/open-session'
import { hashPassword } from '@/lib/auth/passwords'
import { AppError } from '@/lib/contract/errors'
import { recordAudit } from '@/lib/db/audit'
import { acceptInvitation, acceptInvitationAsNew, findInvitationByLink, type InvitationByLink, type Joined } from '@/lib/db/invitations'

/** What the holder of a link sees; null where the link is unknown, used, revoked or too old. */
export function readInvitation(token: string): Promise<InvitationByLink | null> {
  return findInvitationByLink(hashLinkToken(token))
}

/** By somebody signed in, whose own address must be the one that was invited. */
export async function acceptSignedIn(token: string, person: { userId: string; email: string }, origin: RequestOrigin): Promise<Joined> {
  const invitation = await open(token)
  if (invitation.email !== person.email) {
    throw new AppError('insufficient_permissions', `This invitation is for ${invitation.email}, and you are signed in as ${person.email}.`)
  }
  return accepted(await acceptInvitation(hashLinkToken(token), person), origin)
}

/** By somebody who has an account and is signed out; also one who belongs to no organisation any more and cannot sign in. */
export async function acceptWithPassword(token: string, password: string, origin: RequestOrigin): Promise<Joined> {
  const { email } = await open(token)
  const person = await confirmPassword(email, password, origin)
  if (person === null) throw new AppError('invalid_request', 'The password is not right.', { param: 'password' })
  return accepted(await acceptInvitation(hashLinkToken(token), person), origin)
}

/** By somebody new, whose account is made; no organisation of their own is. */
export async function acceptAsNew(token: string, person: { name: string; newPassword: string }, origin: RequestOrigin): Promise<Joined> {
  await open(token)
  const passwordHash = await hashPassword(person.newPassword)
  return accepted(await acceptInvitationAsNew(hashLinkToken(token), { name: person.name, passwordHash }), origin)
}

async function open(token: string): Promise<InvitationByLink> {
  const invitation = await readInvitation(token)
  if (invitation === null) throw ended()
  return invitation
}

async function accepted(outcome: Joined | null, origin: RequestOrigin): Promise<Joined> {
  if (outcome === null) throw ended()
  const { orgId, userId, email, role, joined } = outcome
  if (joined) await recordAudit({ orgId, actorId: userId, action: 'member.joined', target: email, details: { role }, ...origin })
  return outcome
}

const ended = (): AppError => new AppError('not_found', 'This invitation does not hold any more. Ask for a new one.')
