import { recordAudit, type AuditDetails } from '@/lib/db/audit'
import type { RequestOrigin } from '@/lib/auth/open-session'

/** Who does something to the installation or to a tenant. */
export interface Operator extends RequestOrigin {
  /** null on the command line, where nobody is signed in. */
  userId: string | null
}

export const COMMAND_LINE: Operator = { userId: null, ip: null, userAgent: 'the command line' }

/** A row in the tenant's own log, where its owners read it too; the installation's where `orgId` is null. */
export function recordByOperator(operator: Operator, orgId: string | null, action: string, target: string | null, details: AuditDetails = {}): Promise<void> {
  const { userId, ip, userAgent } = operator
  return recordAudit({ orgId, actorId: userId, action, target, details: { ...details, by_operator: true }, ip, userAgent })
}
