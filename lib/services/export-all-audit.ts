import { searchAudit, type AuditFilter } from '@/lib/db/audit'
import { csvCells, csvName } from './csv'

const PAGE = 1000

const COLUMNS = ['time', 'tenant', 'action', 'actor', 'target', 'details', 'ip', 'user_agent', 'id'] as const

/** As the operator: every event that the search finds, latest first, as lines of CSV; read page by page, so that any number fits. */
export async function* allAuditCsv(filter: Omit<AuditFilter, 'limit' | 'before'> & { orgId?: string | undefined }): AsyncGenerator<string> {
  yield `${csvCells(COLUMNS)}\r\n`
  for (let before: string | undefined, more = true; more; ) {
    const events = await searchAudit({ ...filter, before, limit: PAGE })
    yield events
      .map(({ at, orgId, action, actorEmail, actorId, target, details, ip, userAgent, id }) => {
        const said = Object.keys(details).length === 0 ? '' : JSON.stringify(details)
        return `${csvCells([at.toISOString(), orgId ?? '', action, actorEmail ?? actorId ?? '', csvName(target ?? ''), said, ip ?? '', csvName(userAgent ?? ''), id])}\r\n`
      })
      .join('')
    before = events.at(-1)?.id
    more = events.length === PAGE
  }
}
