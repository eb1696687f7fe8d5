import { AppError } from '@/lib/contract/errors'
import type { Plan } from '@/lib/domain/plans'
import { periodOf } from '@/lib/domain/quota'
import { appClient } from './client'
import { databaseError } from './database-error'
import type { Organization as OrganizationRow } from './generated/client'
import { storableText } from './storable-text'
import { withOperator, withTenant } from './tenant'
import { isUuid } from './uuid'

export interface Organization {
  id: string
  name: string
  plan: Plan
  /** Monthly limits agreed with this organisation; null: the plan's. */
  tokenQuota: number | null
  characterQuota: number | null
  suspendedAt: Date | null
  createdAt: Date
}

export interface OrganizationTerms {
  plan?: Plan
  tokenQuota?: number | null
  characterQuota?: number | null
  suspendedAt?: Date | null
}

/** An account that exists, or one to be made. */
export type NewOwner = { id: string } | { email: string; name: string; passwordHash: string }

/** As the operator: an organisation and its owner, in one transaction. AppError `conflict` where the e-mail is known. */
export async function createOrganization(
  params: OrganizationTerms & { name: string; owner: NewOwner },
): Promise<{ organization: Organization; ownerId: string }> {
  const { name, owner, ...terms } = params
  try {
    return await withOperator(async (tx) => {
      const { id: ownerId } = 'id' in owner ? owner : await tx.user.create({ data: { ...owner, email: owner.email.toLowerCase() } })
      const row = await tx.organization.create({
        data: {
          ...terms,
          name: storableText(name),
          memberships: { create: { userId: ownerId, role: 'owner' } },
          balances: { create: { period: periodOf(new Date()).start } },
        },
      })
      return { organization: fromRow(row), ownerId }
    })
  } catch (cause) {
    if (databaseError(cause)?.constraint === 'users_email_key') {
      throw new AppError('conflict', 'There is an account with this e-mail already.', { param: 'email', cause })
    }
    throw cause
  }
}

/** One person owns at most so many organisations, each of which has a plan's free quota. */
export const MOST_OWNED = 10

/** One more organisation of somebody who is here, on the free plan. AppError `conflict` where the person owns MOST_OWNED already. */
export async function addOrganization(userId: string, name: string): Promise<string> {
  try {
    const [row] = await appClient().$queryRaw<{ id: string }[]>`
      SELECT create_organization(${userId}::uuid, ${storableText(name)}, ${MOST_OWNED}::int) AS id`
    if (row === undefined) throw new Error('create_organization returned no row.')
    return row.id
  } catch (cause) {
    if (databaseError(cause)?.sqlState !== OWNS_TOO_MANY) throw cause
    throw new AppError('conflict', `One person owns at most ${MOST_OWNED} organisations. Hand one over first.`, { cause })
  }
}

const OWNS_TOO_MANY = 'PO002'

/** As the tenant; null where there is none. */
export async function findOrganization(orgId: string): Promise<Organization | null> {
  if (!isUuid(orgId)) return null
  const row = await withTenant(orgId, (tx) => tx.organization.findUnique({ where: { id: orgId } }))
  return row && fromRow(row)
}

/** False where there is none. */
export async function renameOrganization(orgId: string, name: string): Promise<boolean> {
  const { count } = await withTenant(orgId, (tx) => tx.organization.updateMany({ where: { id: orgId }, data: { name: storableText(name) } }))
  return count === 1
}

/** As the operator, oldest first. */
export async function listOrganizations(): Promise<Organization[]> {
  const rows = await withOperator((tx) => tx.organization.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }))
  return rows.map(fromRow)
}

/** As the operator: plan, quotas, suspension. Null where there is none. */
export async function setOrganizationTerms(orgId: string, terms: OrganizationTerms): Promise<Organization | null> {
  if (!isUuid(orgId)) return null
  const rows = await withOperator((tx) => tx.organization.updateManyAndReturn({ where: { id: orgId }, data: terms }))
  return rows[0] === undefined ? null : fromRow(rows[0])
}

function fromRow(row: OrganizationRow): Organization {
  return {
    ...row,
    tokenQuota: row.tokenQuota === null ? null : Number(row.tokenQuota),
    characterQuota: row.characterQuota === null ? null : Number(row.characterQuota),
  }
}
