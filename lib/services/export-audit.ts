import { listAudit, type AuditEvent, type AuditFilter } from '@/lib/db/audit'
import { csvCells, csvName } from './csv'

const PAGE = 1000

const COLUMNS = ['time', 'action', 'actor', 'target', 'details', 'ip', 'user_agent', 'id'] as const

/** Every event that the filter finds, latest first, as lines of CSV; read page by page, so that any number fits. */
export async function* auditCsv(orgId: string, filter: Omit<AuditFilter, 'limit' | 'before'>): AsyncGenerator<string> {
  yield `${csvCells(COLUMNS)}\r\n`
  for (let before: string | undefined, more = true; more; ) {
    const events = await listAudit(orgId, { ...filter, before, limit: PAGE })
    yield events.map((event) => `${csvCells(cellsOf(event))}\r\n`).join('')
    before = events.at(-1)?.id
    more = events.length === PAGE
  }
}

function cellsOf({ at, action, actorEmail, actorId, target, details, ip, userAgent, id }: AuditEvent): string[] {
  const said = Object.keys(details).length === 0 ? '' : JSON.stringify(details)
  return [at.toISOString(), action, csvName(actorEmail ?? actorId ?? ''), csvName(target ?? ''), said, ip ?? '', csvName(userAgent ?? ''), id]
}
