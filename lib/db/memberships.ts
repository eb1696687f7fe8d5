import { AppError } from '@/lib/contract/errors'
import { mayManage, type Role } from '@/lib/domain/permissions'
import { databaseError } from './database-error'
import type { Membership as MembershipRow, User as UserRow } from './generated/client'
import { withTenant, withUser, type Transaction } from './tenant'
import { isUuid } from './uuid'

export interface Member {
  userId: string
  email: string
  name: string
  role: Role
  /** Prompt and completion tokens a month; null: as much as the organisation's quota leaves. */
  tokenQuota: number | null
  joinedAt: Date
}

/** Oldest first. */
export async function listMembers(orgId: string): Promise<Member[]> {
  const rows = await withTenant(orgId, (tx) =>
    tx.membership.findMany({ where: { orgId }, include: { user: true }, orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }] }),
  )
  return rows.map(fromRow)
}

/** Null where there is no such member. */
export async function findMember(orgId: string, userId: string): Promise<Member | null> {
  if (!isUuid(userId)) return null
  const row = await withTenant(orgId, (tx) => tx.membership.findUnique({ where: { orgId_userId: { orgId, userId } }, include: { user: true } }))
  return row && fromRow(row)
}

function fromRow(row: MembershipRow & { user: Pick<UserRow, 'email' | 'name'> }): Member {
  const tokenQuota = row.tokenQuota === null ? null : Number(row.tokenQuota)
  return { userId: row.userId, email: row.user.email, name: row.user.name, role: row.role, tokenQuota, joinedAt: row.createdAt }
}

/**
 * Gives a member another role, in the name of the member `by`. Returns the role before, or null where
 * there is no such member. AppError `insufficient_permissions` where either role is above `by`'s own,
 * `conflict` where the last owner would go. All three are judged as they stand, with the rows locked.
 */
export function changeMemberRole(orgId: string, by: string, userId: string, role: Role): Promise<Role | null> {
  return changeMembers(orgId, [by, userId], async (tx, roles) => {
    const [own, before] = [roles.get(by), roles.get(userId)]
    if (before === undefined) return null
    if (own === undefined || !mayManage(own, before) || !mayManage(own, role)) throw aboveOwn()
    await tx.membership.updateMany({ where: { orgId, userId }, data: { role } })
    return before
  })
}

/** Ends a membership and with it the member's sessions here; `by` may be the member. Returns and refuses as `changeMemberRole` does. */
export function removeMember(orgId: string, by: string, userId: string): Promise<Role | null> {
  return changeMembers(orgId, [by, userId], async (tx, roles) => {
    const [own, before] = [roles.get(by), roles.get(userId)]
    if (before === undefined) return null
    if (by !== userId && (own === undefined || !mayManage(own, before))) throw aboveOwn()
    await tx.membership.deleteMany({ where: { orgId, userId } })
    return before
  })
}

/** Makes a member an owner; the owner `by` stays one too, or becomes an admin. False where there is no such member. */
export function shareOwnership(orgId: string, by: string, userId: string, stayOwner: boolean): Promise<boolean> {
  return changeMembers(orgId, [by, userId], async (tx, roles) => {
    if (roles.get(by) !== 'owner') throw aboveOwn()
    if (by === userId || !roles.has(userId)) return false
    await tx.membership.updateMany({ where: { orgId, userId }, data: { role: 'owner' } })
    if (!stayOwner) await tx.membership.updateMany({ where: { orgId, userId: by }, data: { role: 'admin' } })
    return true
  })
}

/** Runs `change` with the roles of the members among `userIds`, whose rows are locked in one order. */
async function changeMembers<T>(orgId: string, userIds: string[], change: (tx: Transaction, roles: ReadonlyMap<string, Role>) => Promise<T>): Promise<T> {
  const ids = userIds.filter(isUuid)
  try {
    return await withTenant(orgId, async (tx) => {
      const rows = await tx.$queryRaw<{ userId: string; role: Role }[]>`
        SELECT user_id AS "userId", role FROM memberships WHERE org_id = ${orgId}::uuid AND user_id = ANY(${ids}::uuid[]) ORDER BY user_id FOR UPDATE`
      return change(tx, new Map(rows.map(({ userId, role }) => [userId, role])))
    })
  } catch (cause) {
    if (databaseError(cause)?.sqlState !== LAST_OWNER) throw cause
    throw new AppError('conflict', 'An organisation keeps at least one owner. Make somebody else an owner first.', { cause })
  }
}

function aboveOwn(): AppError {
  return new AppError('insufficient_permissions', 'Your role does not reach that of this member, or the role that you give.')
}

/** Raised by the trigger keep_an_owner. */
const LAST_OWNER = 'PO001'

/** The organisations that a person belongs to, oldest membership first. */
export async function listMembershipsOf(userId: string): Promise<{ orgId: string; orgName: string; role: Role }[]> {
  const rows = await withUser(userId, (tx) =>
    tx.membership.findMany({ where: { userId }, include: { organization: true }, orderBy: [{ createdAt: 'asc' }, { orgId: 'asc' }] }),
  )
  return rows.map((row) => ({ orgId: row.orgId, orgName: row.organization.name, role: row.role }))
}
