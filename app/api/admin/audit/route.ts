import { operatorAuditQuery } from '@/lib/contract/admin'
import { AppError } from '@/lib/contract/errors'
import { auditPeriod } from '@/lib/domain/audit-query'
import { csvStreamResponse } from '@/lib/http/csv-response'
import { operatorRoute } from '@/lib/http/operator-route'
import { allAuditCsv } from '@/lib/services/export-all-audit'

/** The rows of the audit log that a search finds, over all tenants, as CSV. */
export const GET = operatorRoute(({ request }) => {
  const query = operatorAuditQuery.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) throw new AppError('invalid_request', 'The search is not understood.', { param: query.error.issues[0]?.path.join('.') })
  const { tenant, text, action, actor } = query.data
  const lines = allAuditCsv({ orgId: tenant, text, action, actor, ...auditPeriod(query.data) })
  return Promise.resolve(csvStreamResponse('audit-log.csv', lines))
})
