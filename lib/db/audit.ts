import { appClient } from './client'
import { Prisma } from './generated/client'
import { storableJson, storableText } from './storable-text'
import { withOperator, withTenant, type Transaction } from './tenant'
import { isUuid } from './uuid'

export type AuditDetails = Record<string, string | number | boolean | null>

export interface AuditEntry {
  /** null: the installation's. */
  orgId: string | null
  actorId: string | null
  /** Dotted words, such as `member.invited`. */
  action: string
  /** Whom or what it was done to, in words fit to be shown. */
  target?: string | null
  details?: AuditDetails
  ip?: string | null
  userAgent?: string | null
}

export interface AuditEvent {
  id: string
  orgId: string | null
  actorId: string | null
  /** As it was at that time. */
  actorEmail: string | null
  action: string
  target: string | null
  details: AuditDetails
  ip: string | null
  userAgent: string | null
  at: Date
}

export interface AuditFilter {
  /** The last event of the page before. */
  before?: string | undefined
  /** A whole action, or its first words: `member` finds `member.invited`. */
  action?: string | undefined
  /** An actor's id or part of the address. */
  actor?: string | undefined
  /** Part of anything that the row says, in any case. */
  text?: string | undefined
  from?: Date | undefined
  /** Exclusive. */
  to?: Date | undefined
  limit: number
}

/** Appends one row; nobody can change it afterwards. */
export async function recordAudit(entry: AuditEntry): Promise<void> {
  const { orgId, actorId } = entry
  await appClient().$queryRaw`SELECT record_audit(${orgId}::uuid, ${actorId}::uuid, ${restOf(entry)})::text`
}

/** What a person does to the own account: a row in each of the person's organisations, or the installation's where there is none. */
export async function recordPersonAudit(userId: string, entry: Omit<AuditEntry, 'orgId' | 'actorId'>): Promise<void> {
  await appClient().$queryRaw`SELECT record_person_audit(${userId}::uuid, ${restOf(entry)})::text`
}

/** A tenant's events, latest first. */
export function listAudit(orgId: string, filter: AuditFilter): Promise<AuditEvent[]> {
  return withTenant(orgId, (tx) => select(tx, filter, [Prisma.sql`e.org_id = ${orgId}::uuid`]))
}

/** As the operator, latest first; without `orgId` over all tenants and the installation's own. */
export function searchAudit(filter: AuditFilter & { orgId?: string | undefined }): Promise<AuditEvent[]> {
  const { orgId } = filter
  if (orgId !== undefined && !isUuid(orgId)) return Promise.resolve([])
  return withOperator((tx) => select(tx, filter, orgId === undefined ? [] : [Prisma.sql`e.org_id = ${orgId}::uuid`]))
}

/** As the operator: drops what is older than so many days, of every tenant; 0 keeps all. Returns how many rows went. */
export async function pruneAudit(days: number, now = new Date()): Promise<number> {
  if (days === 0) return 0
  const before = new Date(now.getTime() - days * 24 * 60 * 60 * 1000)
  const { count } = await withOperator((tx) => tx.auditEvent.deleteMany({ where: { createdAt: { lt: before } } }))
  return count
}

function restOf({ action, target = null, details = {}, ip = null, userAgent = null }: Omit<AuditEntry, 'orgId' | 'actorId'>): Prisma.Sql {
  const text = (value: string | null) => (value === null ? null : storableText(value).slice(0, 400))
  return Prisma.sql`${action}, ${text(target)}, ${storableJson(details)}::jsonb, ${text(ip)}, ${text(userAgent)}`
}

async function select(tx: Transaction, filter: AuditFilter, conditions: Prisma.Sql[]): Promise<AuditEvent[]> {
  const { before, action, actor, text, from, to, limit } = filter
  const where = [...conditions]
  if (before !== undefined) {
    if (!isUuid(before)) return []
    where.push(Prisma.sql`(e.created_at, e.id) < (SELECT last.created_at, last.id FROM audit_events last WHERE last.id = ${before}::uuid)`)
  }
  if (action) where.push(Prisma.sql`(e.action = ${action} OR starts_with(e.action, ${`${action}.`}))`)
  if (actor) where.push(isUuid(actor) ? Prisma.sql`e.actor_id = ${actor}::uuid` : holds(Prisma.sql`e.actor_email`, actor))
  if (text) where.push(holds(Prisma.sql`concat_ws(' ', e.action, e.target, e.actor_email, e.ip, e.details::text)`, text))
  if (from !== undefined) where.push(Prisma.sql`e.created_at >= ${from}`)
  if (to !== undefined) where.push(Prisma.sql`e.created_at < ${to}`)
  const condition = where.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(where, ' AND ')}`
  return tx.$queryRaw<AuditEvent[]>`
    SELECT e.id, e.org_id AS "orgId", e.actor_id AS "actorId", e.actor_email AS "actorEmail", e.action, e.target, e.details, e.ip,
      e.user_agent AS "userAgent", e.created_at AS at
    FROM audit_events e ${condition} ORDER BY e.created_at DESC, e.id DESC LIMIT ${limit}::int`
}

function holds(column: Prisma.Sql, part: string): Prisma.Sql {
  return Prisma.sql`position(lower(${storableText(part)}) IN lower(${column})) > 0`
}
