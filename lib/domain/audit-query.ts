import type { AuditQuery } from '@/lib/contract/organizations'

export interface AuditPeriod {
  from?: Date | undefined
  /** Exclusive. */
  to?: Date | undefined
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Both days included, in UTC. */
export function auditPeriod({ from, to }: Pick<AuditQuery, 'from' | 'to'>): AuditPeriod {
  return {
    from: from === undefined ? undefined : new Date(`${from}T00:00:00Z`),
    to: to === undefined ? undefined : new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS),
  }
}
