import { newLinkToken } from '@/lib/auth/link-token'
import { parseEnv } from '@/lib/contract/env'
import { AppError } from '@/lib/contract/errors'
import type { InvitationSent } from '@/lib/contract/organizations'
import { createInvitation, findOpenInvitation, renewInvitation, revokeInvitation, type Invitation, type InvitedRole } from '@/lib/db/invitations'
import { takeRateTokens } from '@/lib/db/rate-limit'
import { mayManage } from '@/lib/domain/permissions'
import { ROLE_NAMES } from '@/lib/domain/role-names'
import { invitationMail } from '@/lib/mail/letters'
import { publicAddress } from '@/lib/mail/public-address'
import { sendMail } from '@/lib/mail/send-mail'
import { auditAs, type Actor } from './actor'

export const INVITATION_DAYS = 7

/** Of one organisation. */
const MOST = { limit: 100, seconds: 24 * 60 * 60 }

const TTL_SECONDS = INVITATION_DAYS * 24 * 60 * 60

/** Told what a mail failed of, which whoever invites is not. */
type Report = (error: unknown) => void

/** Invites an address to the actor's organisation; the link is in the answer too, for where no mail is sent. */
export async function inviteMember(actor: Actor, invited: { email: string; role: InvitedRole }, report: Report): Promise<InvitationSent> {
  requireManaged(actor, invited.role)
  await requireRate(actor)
  const { token, hash } = newLinkToken()
  const invitation = await createInvitation(actor.orgId, { ...invited, tokenHash: hash, invitedBy: actor.userId, ttlSeconds: TTL_SECONDS })
  await auditAs(actor, 'member.invited', invitation.email, { role: invitation.role })
  return send(actor, invitation, token, report)
}

/** The same address once more, with a new link for as long again; the link before ends. */
export async function inviteAgain(actor: Actor, id: string, report: Report): Promise<InvitationSent> {
  await openInvitation(actor, id)
  await requireRate(actor)
  const { token, hash } = newLinkToken()
  const invitation = await renewInvitation(actor.orgId, id, { tokenHash: hash, ttlSeconds: TTL_SECONDS })
  if (invitation === null) throw missing()
  await auditAs(actor, 'invitation.sent_again', invitation.email, { role: invitation.role })
  return send(actor, invitation, token, report)
}

export async function withdrawInvitation(actor: Actor, id: string): Promise<void> {
  await openInvitation(actor, id)
  const invitation = await revokeInvitation(actor.orgId, id)
  if (invitation === null) throw missing()
  await auditAs(actor, 'invitation.revoked', invitation.email, { role: invitation.role })
}

/** Mail to strangers is not to be had without end, from one organisation either. */
async function requireRate({ orgId }: Actor): Promise<void> {
  const taken = await takeRateTokens(`invitations:${orgId}`, MOST)
  if (taken.admitted) return
  const retryAfter = Math.ceil(taken.retryAfterMs / 1000)
  throw new AppError('rate_limit_exceeded', `Your organisation has sent ${MOST.limit} invitations within a day. Try again in ${Math.ceil(retryAfter / 60)} minutes.`, { retryAfter })
}

async function openInvitation({ orgId, role }: Actor, id: string): Promise<void> {
  requireManaged({ role }, 'member')
  const invitation = await findOpenInvitation(orgId, id)
  if (invitation === null) throw missing()
  requireManaged({ role }, invitation.role)
}

async function send(actor: Actor, { id, email, role }: Invitation, token: string, report: Report): Promise<InvitationSent> {
  const path = `/invitations/${token}`
  const url = `${publicAddress(parseEnv(process.env))}${path}`
  const mail = invitationMail(email, { inviter: actor.name, orgName: actor.orgName, role: ROLE_NAMES[role], url, days: INVITATION_DAYS })
  const outcome = await sendMail(mail).catch((error: unknown) => {
    report(error)
    return 'failed' as const
  })
  return { id, email, path, mail: outcome }
}

function requireManaged({ role: own }: Pick<Actor, 'role'>, role: InvitedRole): void {
  if (!mayManage(own, role)) throw new AppError('insufficient_permissions', 'Your role in this organisation does not allow this. Ask an owner or an admin.')
}

const missing = (): AppError => new AppError('not_found', 'There is no such open invitation.')
