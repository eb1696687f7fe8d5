import type { Role } from '@/lib/domain/permissions'
import { withTenant, withUser } from './tenant'
import { isUuid } from './uuid'

export interface Member {
  userId: string
  email: string
  name: string
  role: Role
  joinedAt: Date
}

/** Oldest first. */
export async function listMembers(orgId: string): Promise<Member[]> {
  const rows = await withTenant(orgId, (tx) =>
    tx.membership.findMany({ where: { orgId }, include: { user: true }, orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }] }),
  )
  return rows.map((row) => ({ userId: row.userId, email: row.user.email, name: row.user.name, role: row.role, joinedAt: row.createdAt }))
}

/** False where there is no such member. */
export async function setMemberRole(orgId: string, userId: string, role: Role): Promise<boolean> {
  if (!isUuid(userId)) return false
  const { count } = await withTenant(orgId, (tx) => tx.membership.updateMany({ where: { orgId, userId }, data: { role } }))
  return count === 1
}

/** Ends the member's sessions here too. False where there is no such member. */
export async function removeMember(orgId: string, userId: string): Promise<boolean> {
  if (!isUuid(userId)) return false
  const { count } = await withTenant(orgId, (tx) => tx.membership.deleteMany({ where: { orgId, userId } }))
  return count === 1
}

/** The organisations that a person belongs to, oldest membership first. */
export async function listMembershipsOf(userId: string): Promise<{ orgId: string; orgName: string; role: Role }[]> {
  const rows = await withUser(userId, (tx) =>
    tx.membership.findMany({ where: { userId }, include: { organization: true }, orderBy: [{ createdAt: 'asc' }, { orgId: 'asc' }] }),
  )
  return rows.map((row) => ({ orgId: row.orgId, orgName: row.organization.name, role: row.role }))
}
