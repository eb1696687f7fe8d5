import type { QuotaMeasure } from './generated/client'
import { withOperator } from './tenant'

export interface DueAlert {
  measure: QuotaMeasure
  percent: number
  /** When it was noticed, and the limit then; micro-units for `budget`. */
  used: bigint
  limit: bigint
}

/** What one organisation is to be told, and who is told. */
export interface DueAlerts {
  orgId: string
  orgName: string
  alerts: DueAlert[]
  /** Owners and billing members. */
  recipients: string[]
}

interface Row extends DueAlert {
  org_id: string
  org_name: string
  recipients: string[]
}

/**
 * As the operator: takes the alerts of the last day that nobody has mailed yet, for five minutes; whoever
 * dies meanwhile leaves them to the next. Any number of processes may ask at once.
 */
export async function claimQuotaAlerts(): Promise<DueAlerts[]> {
  const rows = await withOperator((tx) => tx.$queryRaw<Row[]>`
    WITH claimed AS (
      UPDATE quota_alerts SET attempted_at = clock_timestamp()
      WHERE mailed_at IS NULL AND created_at > now() - interval '1 day' AND (attempted_at IS NULL OR attempted_at < clock_timestamp() - interval '5 minutes')
      RETURNING org_id, measure, percent, used, limit_value)
    SELECT c.org_id::text AS org_id, o.name AS org_name, c.measure::text AS measure, c.percent, c.used, c.limit_value AS "limit",
      ARRAY(SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.org_id = c.org_id AND m.role IN ('owner', 'billing') ORDER BY u.email) AS recipients
    FROM claimed c JOIN organizations o ON o.id = c.org_id ORDER BY c.org_id, c.measure, c.percent`)
  const byOrganization = new Map<string, DueAlerts>()
  for (const { org_id: orgId, org_name: orgName, recipients, measure, percent, used, limit } of rows) {
    const due = byOrganization.get(orgId) ?? { orgId, orgName, alerts: [], recipients }
    due.alerts.push({ measure, percent, used, limit })
    byOrganization.set(orgId, due)
  }
  return [...byOrganization.values()]
}

/** As the operator: they are not mailed again. */
export async function markQuotaAlertsMailed({ orgId, alerts }: DueAlerts): Promise<void> {
  await withOperator((tx) =>
    tx.quotaAlert.updateMany({
      where: { orgId, mailedAt: null, attemptedAt: { not: null }, OR: alerts.map(({ measure, percent }) => ({ measure, percent })) },
      data: { mailedAt: new Date() },
    }),
  )
}
