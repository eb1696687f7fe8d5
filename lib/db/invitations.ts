import { AppError } from '@/lib/contract/errors'
import type { Role } from '@/lib/domain/permissions'
import { appClient } from './client'
import { databaseError, UNIQUE_VIOLATION } from './database-error'
import { storableText } from './storable-text'
import { withTenant } from './tenant'
import { isUuid } from './uuid'

/** Nobody is invited to own. */
export type InvitedRole = Exclude<Role, 'owner'>

export interface Invitation {
  id: string
  /** Lower case. */
  email: string
  role: InvitedRole
  invitedBy: string | null
  createdAt: Date
  expiresAt: Date
  /** Whether the link was too old when this was read. */
  expired: boolean
}

const SHOWN = { id: true, email: true, role: true, invitedBy: true, createdAt: true, expiresAt: true } as const

/** AppError `conflict` where the address is invited or a member already. */
export async function createInvitation(
  orgId: string,
  invitation: { email: string; role: InvitedRole; tokenHash: string; invitedBy: string | null; ttlSeconds: number },
): Promise<Invitation> {
  const { email, role, tokenHash, invitedBy, ttlSeconds } = invitation
  try {
    return await withTenant(orgId, async (tx) => {
      const members = await tx.membership.count({ where: { orgId, user: { email } } })
      if (members > 0) throw new AppError('conflict', `${email} is a member already.`, { param: 'email' })
      const now = new Date()
      // What ran out makes room for a new one.
      await tx.invitation.updateMany({ where: { orgId, email, acceptedAt: null, revokedAt: null, expiresAt: { lte: now } }, data: { revokedAt: now } })
      const row = await tx.invitation.create({
        data: { orgId, email, role, tokenHash, invitedBy, expiresAt: new Date(now.getTime() + ttlSeconds * 1000) },
        select: SHOWN,
      })
      return fromRow(row)
    })
  } catch (cause) {
    if (databaseError(cause)?.sqlState === UNIQUE_VIOLATION) {
      throw new AppError('conflict', `${email} is invited already. Send that invitation again, or revoke it.`, { param: 'email', cause })
    }
    throw cause
  }
}

/** Those that are open or ran out unanswered, latest first. */
export async function listInvitations(orgId: string): Promise<Invitation[]> {
  const rows = await withTenant(orgId, (tx) =>
    tx.invitation.findMany({ where: { orgId, acceptedAt: null, revokedAt: null }, select: SHOWN, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] }),
  )
  return rows.map(fromRow)
}

/** A new link for an open invitation; the one before ends. Null where there is none. */
export async function renewInvitation(orgId: string, id: string, link: { tokenHash: string; ttlSeconds: number }): Promise<Invitation | null> {
  if (!isUuid(id)) return null
  const rows = await withTenant(orgId, (tx) =>
    tx.invitation.updateManyAndReturn({
      where: { orgId, id, acceptedAt: null, revokedAt: null },
      data: { tokenHash: link.tokenHash, expiresAt: new Date(Date.now() + link.ttlSeconds * 1000) },
      select: SHOWN,
    }),
  )
  return rows[0] === undefined ? null : fromRow(rows[0])
}

/** Its link ends at once. Null where there is no such open invitation. */
export async function revokeInvitation(orgId: string, id: string): Promise<Invitation | null> {
  if (!isUuid(id)) return null
  const rows = await withTenant(orgId, (tx) =>
    tx.invitation.updateManyAndReturn({ where: { orgId, id, acceptedAt: null, revokedAt: null }, data: { revokedAt: new Date() }, select: SHOWN }),
  )
  return rows[0] === undefined ? null : fromRow(rows[0])
}

/** Of the one invitation whose role `orgId`'s admins must be allowed to give. Null where there is no open one. */
export async function findOpenInvitation(orgId: string, id: string): Promise<Invitation | null> {
  if (!isUuid(id)) return null
  const row = await withTenant(orgId, (tx) => tx.invitation.findFirst({ where: { orgId, id, acceptedAt: null, revokedAt: null }, select: SHOWN }))
  return row && fromRow(row)
}

export interface InvitationByLink {
  orgId: string
  orgName: string
  email: string
  role: InvitedRole
  /** The name of whoever invited, where that account is still there. */
  invitedBy: string | null
  /** Whether the address has an account to sign in with. */
  hasAccount: boolean
  expiresAt: Date
}

interface LinkRow {
  org_id: string
  org_name: string
  email: string
  role: InvitedRole
  invited_by: string | null
  has_account: boolean
  expires_at: Date
}

/** What the holder of a link sees. Null where it is unknown, used, revoked or too old. */
export async function findInvitationByLink(tokenHash: string): Promise<InvitationByLink | null> {
  const [row] = await appClient().$queryRaw<LinkRow[]>`SELECT * FROM find_invitation(${tokenHash})`
  if (row === undefined) return null
  return {
    orgId: row.org_id,
    orgName: row.org_name,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    hasAccount: row.has_account,
    expiresAt: row.expires_at,
  }
}

export interface Joined {
  userId: string
  email: string
  orgId: string
  role: Role
  /** False for somebody who was a member before, and keeps that role. */
  joined: boolean
}

/** Uses the link up. Null where it is not open, or was meant for another address than the person's. */
export async function acceptInvitation(tokenHash: string, person: { userId: string; email: string }): Promise<Joined | null> {
  const [row] = await appClient().$queryRaw<{ org_id: string; role: Role; joined: boolean }[]>`
    SELECT * FROM accept_invitation(${tokenHash}, ${person.userId}::uuid)`
  return row === undefined ? null : { ...person, orgId: row.org_id, role: row.role, joined: row.joined }
}

/** Makes the account that the link was sent to and uses the link up. Null where it is not open; AppError `conflict` where the address has an account. */
export async function acceptInvitationAsNew(tokenHash: string, person: { name: string; passwordHash: string }): Promise<Joined | null> {
  try {
    const [row] = await appClient().$queryRaw<{ user_id: string; email: string; org_id: string; role: Role }[]>`
      SELECT * FROM accept_invitation_as_new(${tokenHash}, ${storableText(person.name)}, ${person.passwordHash})`
    return row === undefined ? null : { userId: row.user_id, email: row.email, orgId: row.org_id, role: row.role, joined: true }
  } catch (cause) {
    const error = databaseError(cause)
    if (error?.sqlState === ENDED_MEANWHILE) return null
    if (error?.constraint === 'users_email_key') {
      throw new AppError('conflict', 'There is an account with this e-mail by now. Sign in to accept.', { cause })
    }
    throw cause
  }
}

const ENDED_MEANWHILE = 'PO003'

function fromRow(row: Omit<Invitation, 'role' | 'expired'> & { role: Role }): Invitation {
  const { role, ...rest } = row
  if (role === 'owner') throw new Error('There is an invitation to own, which the database refuses.')
  return { ...rest, role, expired: rest.expiresAt.getTime() <= Date.now() }
}
