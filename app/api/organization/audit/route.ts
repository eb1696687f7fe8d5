import { auditQuery } from '@/lib/contract/organizations'
import { auditPeriod } from '@/lib/domain/audit-query'
import { csvStreamResponse } from '@/lib/http/csv-response'
import { parseEntered } from '@/lib/http/request-body'
import { sessionRoute } from '@/lib/http/session-route'
import { auditCsv } from '@/lib/services/export-audit'
import { requirePermission } from '@/lib/services/require-permission'

/** The organisation's audit log as CSV, as the page's search finds it. */
export const GET = sessionRoute(({ session, request }) => {
  requirePermission(session.role, 'audit:read')
  const sent = [...new URL(request.url).searchParams].filter(([, value]) => value !== '')
  const query = parseEntered(auditQuery, Object.fromEntries(sent))
  const { text, action, actor } = query
  const lines = auditCsv(session.orgId, { text, action, actor, ...auditPeriod(query) })
  return Promise.resolve(csvStreamResponse(`audit-${new Date().toISOString().slice(0, 10)}.csv`, lines))
})
