import type { Metadata } from 'next'
import ScrollText from 'lucide-react/icons/scroll-text'
import Link from 'next/link'

import { pageSession } from '@/app/_server/page-session'
import { buttonClasses } from '@/app/_components/button'
import { EmptyState } from '@/app/_components/empty-state'
import { auditQuery, type AuditQuery } from '@/lib/contract/organizations'
import { listAudit } from '@/lib/db/audit'
import { auditPeriod } from '@/lib/domain/audit-query'
import { can } from '@/lib/domain/permissions'

import { Forbidden } from '../../_shell/forbidden'
import { PageBody } from '../../_shell/page-body'
import { AuditList } from './audit-list'
import { AuditSearch } from './audit-search'

export const metadata: Metadata = { title: 'Audit log' }

const PAGE = 50

interface AuditPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function AuditPage({ searchParams }: AuditPageProps) {
  const { orgId, orgName, role } = await pageSession()
  if (!can(role, 'audit:read')) return <Forbidden what="The audit log" />
  const query = parsed(await searchParams)
  const { text, action, actor, before } = query
  const events = await listAudit(orgId, { text, action, actor, before, ...auditPeriod(query), limit: PAGE + 1 })
  const shown = events.slice(0, PAGE)
  const last = events.length > PAGE ? shown.at(-1) : undefined
  return (
    <PageBody
      title="Audit log"
      description={`Who did what in ${orgName}, latest first. No member can change or remove a row.`}
      action={
        // A file, not a page: the browser fetches it by itself.
        <a href={`/api/organization/audit${searchOf({ ...query, before: undefined })}`} download className={buttonClasses('secondary')}>
          Download CSV
        </a>
      }
    >
      <AuditSearch query={query} />
      {shown.length === 0 ? (
        <div className="rounded-xl border border-dashed border-line">
          <EmptyState icon={<ScrollText />} title="Nothing found">
            No row of the log is like that. Try fewer words or more days.
          </EmptyState>
        </div>
      ) : (
        <AuditList events={shown} />
      )}
      {(before !== undefined || last !== undefined) && (
        <nav aria-label="Pages of the log" className="mt-4 flex gap-2">
          {before !== undefined && (
            <Link href={`/settings/audit${searchOf({ ...query, before: undefined })}`} className={buttonClasses('secondary', 'small')}>
              Latest
            </Link>
          )}
          {last !== undefined && (
            <Link href={`/settings/audit${searchOf({ ...query, before: last.id })}`} className={buttonClasses('secondary', 'small')}>
              Older
            </Link>
          )}
        </nav>
      )}
    </PageBody>
  )
}

/** What of the address can be understood; the rest is as if it was not there. */
function parsed(sent: Record<string, string | string[] | undefined>): AuditQuery {
  const understood = Object.entries(auditQuery.shape).flatMap(([name, schema]) => {
    const value = sent[name]
    return value !== '' && schema.safeParse(value).success ? [[name, value]] : []
  })
  return auditQuery.parse(Object.fromEntries(understood))
}

function searchOf(query: AuditQuery): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`
}
