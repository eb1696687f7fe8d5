import type { RequestOrigin } from '@/lib/auth/open-session'
import { recordAudit, type AuditDetails } from '@/lib/db/audit'
import type { SessionIdentity } from '@/lib/db/sessions'

/** Who does something in an organisation: a session, and where its request came from. */
export interface Actor extends SessionIdentity {
  origin: RequestOrigin
}

/** A row in the organisation's audit log. What an operator does in somebody's place is the operator's. */
export async function auditAs(actor: Actor, action: string, target: string | null, details: AuditDetails = {}): Promise<void> {
  const { orgId, userId, email, impersonatedBy, origin } = actor
  await recordAudit({
    orgId,
    actorId: impersonatedBy ?? userId,
    action,
    target,
    details: impersonatedBy === null ? details : { ...details, in_place_of: email },
    ...origin,
  })
}
