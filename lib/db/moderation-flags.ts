import type { ModerationAction, ModerationDirection, ModerationFlag as FlagRow } from './generated/client'
import { storableText } from './storable-text'
import { withOperator, withTenant } from './tenant'
import { isUuid } from './uuid'

/** What moderation found in one text: never the text itself, but for a short excerpt. */
export interface NewModerationFlag {
  requestId: string
  userId: string | null
  keyId: string | null
  direction: ModerationDirection
  action: ModerationAction
  /** ISO 639-1 of the word list; null for the organisation's own word. */
  language: string | null
  /** A list's category, or `own`. */
  category: string
  word: string
  /** At most 160 characters. */
  excerpt: string
}

export interface ModerationFlag extends NewModerationFlag {
  id: string
  orgId: string
  createdAt: Date
  reviewedAt: Date | null
  reviewedBy: string | null
}

/** Adds them all in one statement. */
export async function addModerationFlags(orgId: string, flags: readonly NewModerationFlag[]): Promise<void> {
  if (flags.length === 0) return
  const data = flags.map((flag) => ({ ...flag, orgId, word: storableText(flag.word), excerpt: storableText(flag.excerpt) }))
  await withTenant(orgId, (tx) => tx.moderationFlag.createMany({ data }))
}

export interface FlagPage {
  /** Only flags made before. */
  before?: Date
  /** Only those that nobody has looked at. */
  open?: boolean
  limit: number
}

/** Latest first. */
export async function listModerationFlags(orgId: string, page: FlagPage): Promise<ModerationFlag[]> {
  return withTenant(orgId, (tx) => tx.moderationFlag.findMany({ where: { orgId, ...pageWhere(page) }, orderBy: ORDER, take: page.limit }))
}

/** Marks a flag as looked at, or as open again. False where there is none. */
export async function reviewModerationFlag(orgId: string, id: string, by: string, reviewed: boolean): Promise<boolean> {
  if (!isUuid(id)) return false
  const data = reviewed ? { reviewedAt: new Date(), reviewedBy: by } : { reviewedAt: null, reviewedBy: null }
  const { count } = await withTenant(orgId, (tx) => tx.moderationFlag.updateMany({ where: { orgId, id }, data }))
  return count === 1
}

/** As the operator: every tenant's flags with the tenant's name, latest first. */
export async function listAllModerationFlags(page: FlagPage & { orgId?: string }): Promise<(ModerationFlag & { orgName: string })[]> {
  const { orgId } = page
  const rows = await withOperator((tx) =>
    tx.moderationFlag.findMany({
      where: { ...(orgId === undefined ? {} : { orgId }), ...pageWhere(page) },
      include: { organization: { select: { name: true } } },
      orderBy: ORDER,
      take: page.limit,
    }),
  )
  return rows.map(({ organization, ...row }: FlagRow & { organization: { name: string } }) => ({ ...row, orgName: organization.name }))
}

/** As the operator: flags since a moment by tenant, most first. */
export async function countFlagsByTenant(since: Date): Promise<{ orgId: string; flagged: number; blocked: number; open: number }[]> {
  const rows = await withOperator(
    (tx) => tx.$queryRaw<{ org_id: string; flagged: bigint; blocked: bigint; open: bigint }[]>`
      SELECT org_id, count(*) FILTER (WHERE action = 'flagged') AS flagged, count(*) FILTER (WHERE action = 'blocked') AS blocked,
        count(*) FILTER (WHERE reviewed_at IS NULL) AS open
      FROM moderation_flags WHERE created_at >= ${since} GROUP BY org_id ORDER BY count(*) DESC`,
  )
  return rows.map((row) => ({ orgId: row.org_id, flagged: Number(row.flagged), blocked: Number(row.blocked), open: Number(row.open) }))
}

const ORDER = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

function pageWhere({ before, open }: FlagPage) {
  return { ...(before === undefined ? {} : { createdAt: { lt: before } }), ...(open === true ? { reviewedAt: null } : {}) }
}
