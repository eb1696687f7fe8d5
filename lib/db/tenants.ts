import type { Plan } from '@/lib/domain/plans'
import { periodOf } from '@/lib/domain/quota'
import type { Role } from '@/lib/domain/permissions'
import { Prisma } from './generated/client'
import { storableText } from './storable-text'
import { withOperator } from './tenant'
import { isUuid } from './uuid'

/** The operator's view of the tenants. Conversations are none of it. */

export interface TenantSummary {
  id: string
  name: string
  plan: Plan
  /** Overrides of the plan's own; null where it holds. */
  tokenQuota: number | null
  characterQuota: number | null
  suspendedAt: Date | null
  createdAt: Date
  members: number
  /** The e-mail of the owner who has been one for longest. */
  owner: string | null
  /** Used in the current month, without what is held. */
  tokens: number
  characters: number
}

export const TENANT_SORTS = ['name', 'created', 'members', 'tokens', 'characters'] as const

export type TenantSort = (typeof TENANT_SORTS)[number]

export interface TenantSearch {
  /** Part of the name or of a member's e-mail, in any case; or an organisation's id. */
  text?: string | undefined
  plan?: Plan | undefined
  suspended?: boolean | undefined
  sort: TenantSort
  descending: boolean
  /** From 0. */
  offset: number
  limit: number
}

interface Row {
  id: string
  name: string
  plan: Plan
  token_quota: bigint | null
  character_quota: bigint | null
  suspended_at: Date | null
  created_at: Date
  members: bigint
  owner: string | null
  tokens: bigint
  characters: bigint
  total: bigint
}

const ORDER: Record<TenantSort, Prisma.Sql> = {
  name: Prisma.sql`lower(o.name)`,
  created: Prisma.sql`o.created_at`,
  members: Prisma.sql`members`,
  tokens: Prisma.sql`tokens`,
  characters: Prisma.sql`characters`,
}

/** A page of the tenants that were searched for, and how many there are in all; 0 beyond the last page. */
export async function searchTenants(search: TenantSearch): Promise<{ tenants: TenantSummary[]; total: number }> {
  const { sort, descending, offset, limit } = search
  const rows = await withOperator(
    (tx) => tx.$queryRaw<Row[]>`
      ${tenantRows(conditionsOf(search))}
      ORDER BY ${ORDER[sort]} ${descending ? Prisma.sql`DESC` : Prisma.sql`ASC`}, o.id LIMIT ${limit}::int OFFSET ${offset}::int`,
  )
  return { tenants: rows.map(fromRow), total: Number(rows[0]?.total ?? 0) }
}

/** Null where there is none. */
export async function findTenant(orgId: string): Promise<TenantSummary | null> {
  if (!isUuid(orgId)) return null
  const rows = await withOperator((tx) => tx.$queryRaw<Row[]>(tenantRows([Prisma.sql`o.id = ${orgId}::uuid`])))
  return rows[0] === undefined ? null : fromRow(rows[0])
}

export interface TenantMember {
  userId: string
  email: string
  name: string
  role: Role
  isOperator: boolean
  joinedAt: Date
  lastSeenAt: Date | null
}

/** Owners first, then by e-mail. */
export async function listTenantMembers(orgId: string): Promise<TenantMember[]> {
  if (!isUuid(orgId)) return []
  return withOperator(
    (tx) => tx.$queryRaw<TenantMember[]>`
      SELECT u.id AS "userId", u.email, u.name, m.role, u.is_operator AS "isOperator", m.created_at AS "joinedAt",
        (SELECT max(s.last_seen_at) FROM sessions s WHERE s.org_id = m.org_id AND s.user_id = m.user_id AND s.impersonated_by IS NULL) AS "lastSeenAt"
      FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.org_id = ${orgId}::uuid ORDER BY m.role, u.email`,
  )
}

/** Name and state of organisations by id, for those that there are. */
export async function tenantStates(ids: readonly string[]): Promise<Map<string, { name: string; suspended: boolean }>> {
  const known = [...new Set(ids)].filter(isUuid)
  if (known.length === 0) return new Map()
  const rows = await withOperator((tx) => tx.organization.findMany({ where: { id: { in: known } }, select: { id: true, name: true, suspendedAt: true } }))
  return new Map(rows.map(({ id, name, suspendedAt }) => [id, { name, suspended: suspendedAt !== null }]))
}

/** E-mail addresses of people by id, for those that there are. */
export async function userEmails(ids: readonly string[]): Promise<Map<string, string>> {
  const known = [...new Set(ids)].filter(isUuid)
  if (known.length === 0) return new Map()
  const rows = await withOperator((tx) => tx.user.findMany({ where: { id: { in: known } }, select: { id: true, email: true } }))
  return new Map(rows.map(({ id, email }) => [id, email]))
}

function conditionsOf({ text, plan, suspended }: TenantSearch): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = []
  const wanted = storableText(text?.trim() ?? '').toLowerCase()
  if (isUuid(wanted)) conditions.push(Prisma.sql`o.id = ${wanted}::uuid`)
  else if (wanted !== '') {
    conditions.push(Prisma.sql`(position(${wanted} IN lower(o.name)) > 0 OR EXISTS (
      SELECT FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = o.id AND position(${wanted} IN u.email) > 0))`)
  }
  if (plan !== undefined) conditions.push(Prisma.sql`o.plan = ${plan}::plan`)
  if (suspended !== undefined) conditions.push(suspended ? Prisma.sql`o.suspended_at IS NOT NULL` : Prisma.sql`o.suspended_at IS NULL`)
  return conditions
}

function tenantRows(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  const { start } = periodOf(new Date())
  return Prisma.sql`
    SELECT o.id, o.name, o.plan, o.token_quota, o.character_quota, o.suspended_at, o.created_at,
      (SELECT count(*) FROM memberships m WHERE m.org_id = o.id) AS members,
      (SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = o.id AND m.role = 'owner'
        ORDER BY m.created_at, u.id LIMIT 1) AS owner,
      coalesce(b.tokens_used, 0) AS tokens, coalesce(b.characters_used, 0) AS characters, count(*) OVER () AS total
    FROM organizations o LEFT JOIN usage_balances b ON b.org_id = o.id AND b.period = ${start}::date
    ${conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join([...conditions], ' AND ')}`}`
}

function fromRow(row: Row): TenantSummary {
  const { id, name, plan, owner } = row
  return {
    id,
    name,
    plan,
    owner,
    tokenQuota: row.token_quota === null ? null : Number(row.token_quota),
    characterQuota: row.character_quota === null ? null : Number(row.character_quota),
    suspendedAt: row.suspended_at,
    createdAt: row.created_at,
    members: Number(row.members),
    tokens: Number(row.tokens),
    characters: Number(row.characters),
  }
}
