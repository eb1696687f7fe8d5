import { AppError } from '@/lib/contract/errors'
import { createSession } from '@/lib/db/sessions'
import { listTenantMembers } from '@/lib/db/tenants'
import { recordByOperator, type Operator } from './operator'

/** After this long an operator is nobody but an operator again. */
export const IMPERSONATION_SECONDS = 60 * 60

interface Impersonation {
  orgId: string
  userId: string
  reason: string
}

/**
 * A session in which an operator sees what a member sees; returns its id. The reason stands in the
 * tenant's own audit log. AppError not_found where there is no such member, insufficient_permissions
 * where the member is an operator too.
 */
export async function startImpersonation(operator: Operator & { userId: string }, { orgId, userId, reason }: Impersonation): Promise<string> {
  const member = (await listTenantMembers(orgId)).find((candidate) => candidate.userId === userId)
  if (member === undefined) throw new AppError('not_found', 'The organisation has no such member.')
  if (member.isOperator) throw new AppError('insufficient_permissions', 'Nobody acts in the place of an operator.')
  const sessionId = await createSession(userId, {
    orgId,
    userAgent: operator.userAgent,
    ip: operator.ip,
    ttlSeconds: IMPERSONATION_SECONDS,
    method: 'impersonation',
    impersonatedBy: operator.userId,
  })
  await recordByOperator(operator, orgId, 'impersonation.started', member.email, { reason, session: sessionId })
  return sessionId
}
