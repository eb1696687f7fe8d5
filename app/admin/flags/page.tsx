import Flag from 'lucide-react/icons/flag'
import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'

import { PageBody } from '@/app/(product)/_shell/page-body'
import { Button, buttonClasses } from '@/app/_components/button'
import { EmptyState } from '@/app/_components/empty-state'
import { operatorSession } from '@/app/_server/operator-session'
import { countFlagsByTenant, listAllModerationFlags } from '@/lib/db/moderation-flags'
import { tenantStates, userEmails } from '@/lib/db/tenants'

import { daysAgo } from '../_parts/date-range'
import { FilterInput, FilterSelect } from '../_parts/filter-field'
import { singleParams, withQuery, type SearchParams } from '../_parts/query'
import { FlagList } from './flag-list'
import { FlagCounts } from './flag-counts'

export const metadata: Metadata = { title: 'Abuse flags' }

const PAGE_SIZE = 50
const DAYS_COUNTED = 30

const querySchema = z.object({
  tenant: z.uuid().optional().catch(undefined),
  state: z.enum(['open', 'all']).catch('open'),
  before: z.iso.datetime().optional().catch(undefined),
})

export default async function FlagsPage({ searchParams }: { searchParams: SearchParams }) {
  await operatorSession()
  const query = querySchema.parse({ state: 'open', ...(await singleParams(searchParams)) })
  const [found, counts] = await Promise.all([
    listAllModerationFlags({
      ...(query.tenant === undefined ? {} : { orgId: query.tenant }),
      ...(query.before === undefined ? {} : { before: new Date(query.before) }),
      open: query.state === 'open',
      limit: PAGE_SIZE + 1,
    }),
    countFlagsByTenant(daysAgo(DAYS_COUNTED)),
  ])
  const flags = found.slice(0, PAGE_SIZE)
  const last = flags.at(-1)
  const top = counts.slice(0, 8)
  const [states, emails] = await Promise.all([
    tenantStates([...flags, ...top].map(({ orgId }) => orgId)),
    userEmails(flags.flatMap(({ userId, reviewedBy }) => [userId, reviewedBy]).filter((id) => id !== null)),
  ])
  return (
    <PageBody
      title="Abuse flags"
      width="wide"
      description="What the tenants’ moderation found. A word list knows words, not what is meant: look before you act. Texts themselves are not kept here."
    >
      {top.length > 0 && <FlagCounts days={DAYS_COUNTED} counts={top.map((count) => ({ ...count, name: states.get(count.orgId)?.name ?? count.orgId }))} />}
      <form role="search" className="mb-5 flex flex-wrap items-end gap-3">
        <FilterSelect label="State" name="state" defaultValue={query.state}>
          <option value="open">Not looked at</option>
          <option value="all">All</option>
        </FilterSelect>
        <FilterInput label="Tenant (id)" name="tenant" defaultValue={query.tenant} className="min-w-52 flex-1 md:max-w-96" />
        <Button type="submit" look="secondary">
          Filter
        </Button>
      </form>
      {flags.length === 0 ? (
        <EmptyState icon={<Flag />} title={query.state === 'open' ? 'Nothing to look at' : 'No flags'}>
          A tenant’s moderation flags or blocks what its word lists find. Each such find stands here.
        </EmptyState>
      ) : (
        <FlagList
          flags={flags.map((flag) => ({
            id: flag.id,
            orgId: flag.orgId,
            orgName: flag.orgName,
            suspended: states.get(flag.orgId)?.suspended ?? false,
            by: flag.userId === null ? (flag.keyId === null ? null : 'an API key') : (emails.get(flag.userId) ?? 'a person who is gone'),
            direction: flag.direction,
            action: flag.action,
            language: flag.language,
            category: flag.category,
            word: flag.word,
            excerpt: flag.excerpt,
            createdAt: flag.createdAt.toISOString(),
            reviewedAt: flag.reviewedAt?.toISOString() ?? null,
            reviewedBy: flag.reviewedBy === null ? null : (emails.get(flag.reviewedBy) ?? null),
          }))}
        />
      )}
      <nav aria-label="Pages of flags" className="mt-4 flex justify-end">
        {found.length > PAGE_SIZE && last !== undefined && (
          <Link href={withQuery('/admin/flags', { ...query, before: last.createdAt.toISOString() })} className={buttonClasses('secondary', 'small')}>
            Older
          </Link>
        )}
      </nav>
    </PageBody>
  )
}
