import { auditQuery } from '@/lib/contract/organizations'
import { auditPeriod } from '@/lib/domain/audit-query'
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
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await lines.next()
      if (next.done === true) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    cancel: async () => {
      await lines.return(undefined)
    },
  })
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.csv"`,
    'cache-control': 'no-store',
  }
  return Promise.resolve(new Response(stream, { headers }))
})
