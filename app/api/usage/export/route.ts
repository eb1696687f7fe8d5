import { usageExportQuery } from '@/lib/contract/billing'
import { usageEvents } from '@/lib/db/usage'
import { parseEntered } from '@/lib/http/request-body'
import { sessionRoute } from '@/lib/http/session-route'
import { requirePermission } from '@/lib/services/require-permission'
import { COLUMNS, csvLine, usageRow } from '@/lib/services/usage-formats'

/** Lines are sent in pieces of about this size. */
const PIECE = 64 * 1024

/** A row for each request that was billed, in order of time, read as fast as it is taken. */
export const GET = sessionRoute(({ session, request, signal }) => {
  requirePermission(session.role, 'usage:read')
  const { from, to, format } = parseEntered(usageExportQuery, Object.fromEntries(new URL(request.url).searchParams))
  const lines = linesOf(session.orgId, from, to, format)
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let piece = ''
      while (piece.length < PIECE && !signal.aborted) {
        const next = await lines.next()
        if (next.done === true) {
          if (piece !== '') controller.enqueue(encoder.encode(piece))
          controller.close()
          return
        }
        piece += next.value
      }
      if (signal.aborted) controller.error(signal.reason)
      else controller.enqueue(encoder.encode(piece))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
  const name = `usage-${from.toISOString().slice(0, 10)}-${to.toISOString().slice(0, 10)}.${format}`
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8'
  return Promise.resolve(
    new Response(body, { headers: { 'content-type': type, 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'no-store' } }),
  )
})

async function* linesOf(orgId: string, from: Date, to: Date, format: 'csv' | 'jsonl'): AsyncGenerator<string, undefined> {
  if (format === 'csv') yield `${COLUMNS.join(',')}\n`
  for await (const event of usageEvents(orgId, from, to)) {
    const row = usageRow(event)
    yield `${format === 'csv' ? csvLine(row) : JSON.stringify(row)}\n`
  }
  return undefined
}
