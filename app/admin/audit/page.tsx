import Download from 'lucide-react/icons/download'
import ScrollText from 'lucide-react/icons/scroll-text'
import type { Metadata } from 'next'
import Link from 'next/link'

import { PageBody } from '@/app/(product)/_shell/page-body'
import { Button, buttonClasses } from '@/app/_components/button'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { operatorSession } from '@/app/_server/operator-session'
import { operatorAuditQuery } from '@/lib/contract/admin'
import { searchAudit } from '@/lib/db/audit'
import { tenantStates } from '@/lib/db/tenants'
import { auditPeriod } from '@/lib/domain/audit-query'

import { AuditTable } from '../_parts/audit-table'
import { FilterInput } from '../_parts/filter-field'
import { singleParams, withQuery, type SearchParams } from '../_parts/query'

export const metadata: Metadata = { title: 'Audit log' }

const PAGE_SIZE = 100

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  await operatorSession()
  // A plain form sends its empty fields too.
  const given = Object.fromEntries(Object.entries(await singleParams(searchParams)).filter(([, value]) => value !== ''))
  const parsed = operatorAuditQuery.safeParse(given)
  const query = parsed.success ? parsed.data : {}
  const { tenant, text, action, actor, before } = query
  const found = await searchAudit({ orgId: tenant, text, action, actor, before, ...auditPeriod(query), limit: PAGE_SIZE + 1 })
  const events = found.slice(0, PAGE_SIZE)
  const last = events.at(-1)
  const states = await tenantStates(events.flatMap(({ orgId }) => (orgId === null ? [] : [orgId])))
  return (
    <PageBody
      title="Audit log"
      width="wide"
      description="Who did what, over all tenants and on the installation itself. Rows are added and never changed."
      action={
        <a href={withQuery('/api/admin/audit', { ...query, before: undefined })} download className={buttonClasses('secondary')}>
          <Download aria-hidden className="size-4" />
          CSV
        </a>
      }
    >
      <form role="search" className="mb-5 grid grid-cols-2 items-end gap-3 md:grid-cols-4 xl:grid-cols-[2fr_1.2fr_1.5fr_2fr_1fr_1fr_auto]">
        <FilterInput label="Text" name="text" type="search" defaultValue={text} className="col-span-2 xl:col-span-1" />
        <FilterInput label="Action" name="action" defaultValue={action} placeholder="member or member.invited" />
        <FilterInput label="By (e-mail)" name="actor" defaultValue={actor} />
        <FilterInput label="Tenant (id)" name="tenant" defaultValue={tenant} className="col-span-2 xl:col-span-1" />
        <FilterInput label="From" name="from" type="date" defaultValue={query.from} />
        <FilterInput label="To" name="to" type="date" defaultValue={query.to} />
        <Button type="submit" look="secondary">
          Search
        </Button>
      </form>
      {!parsed.success && (
        <div className="mb-5">
          <Notice tone="warning">This search is not understood, so all rows are shown: {parsed.error.issues[0]?.message}</Notice>
        </div>
      )}
      {events.length === 0 ? (
        <EmptyState icon={<ScrollText />} title="Nothing is like that">
          Leave a field out, or search for a part of what you look for.
        </EmptyState>
      ) : (
        <div className="rounded-xl border border-line bg-surface p-5">
          <AuditTable events={events} tenants={new Map([...states].map(([id, { name }]) => [id, name]))} />
        </div>
      )}
      <nav aria-label="Pages of the audit log" className="mt-4 flex justify-end gap-2">
        {before !== undefined && (
          <Link href={withQuery('/admin/audit', { ...query, before: undefined })} className={buttonClasses('secondary', 'small')}>
            Latest
          </Link>
        )}
        {found.length > PAGE_SIZE && last !== undefined && (
          <Link href={withQuery('/admin/audit', { ...query, before: last.id })} className={buttonClasses('secondary', 'small')}>
            Older
          </Link>
        )}
      </nav>
    </PageBody>
  )
}
