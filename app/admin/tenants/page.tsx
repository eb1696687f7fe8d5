import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Search from 'lucide-react/icons/search'
import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'

import { PageBody } from '@/app/(product)/_shell/page-body'
import { Button } from '@/app/_components/button'
import { EmptyState } from '@/app/_components/empty-state'
import { operatorSession } from '@/app/_server/operator-session'
import { searchTenants, TENANT_SORTS, type TenantSort, type TenantSummary } from '@/lib/db/tenants'
import { PLANS, planSchema } from '@/lib/domain/plans'

import { Badge, StateBadge } from '../_parts/badges'
import { FilterInput, FilterSelect } from '../_parts/filter-field'
import { compact, count } from '../_parts/formats'
import { Pager } from '../_parts/pager'
import { singleParams, withQuery, type SearchParams } from '../_parts/query'

export const metadata: Metadata = { title: 'Tenants' }

const PAGE_SIZE = 50

const querySchema = z.object({
  q: z.string().max(200).catch(''),
  plan: planSchema.optional().catch(undefined),
  state: z.enum(['active', 'suspended']).optional().catch(undefined),
  sort: z.enum(TENANT_SORTS).catch('tokens'),
  order: z.enum(['up', 'down']).catch('down'),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
})

type Query = z.infer<typeof querySchema>

const COLUMNS: readonly { sort: TenantSort; label: string; number: boolean }[] = [
  { sort: 'name', label: 'Tenant', number: false },
  { sort: 'members', label: 'Members', number: true },
  { sort: 'tokens', label: 'Tokens this month', number: true },
  { sort: 'characters', label: 'Characters', number: true },
  { sort: 'created', label: 'Since', number: true },
]

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

export default async function TenantsPage({ searchParams }: { searchParams: SearchParams }) {
  await operatorSession()
  const query = querySchema.parse({ q: '', sort: 'tokens', order: 'down', page: 1, ...(await singleParams(searchParams)) })
  const { tenants, total } = await searchTenants({
    text: query.q,
    plan: query.plan,
    suspended: query.state === undefined ? undefined : query.state === 'suspended',
    sort: query.sort,
    descending: query.order === 'down',
    offset: (query.page - 1) * PAGE_SIZE,
    limit: PAGE_SIZE,
  })
  return (
    <PageBody title="Tenants" width="wide">
      <form role="search" className="mb-5 flex flex-wrap items-end gap-3">
        <FilterInput label="Name, member's e-mail or id" name="q" type="search" defaultValue={query.q} className="min-w-52 flex-1" />
        <FilterSelect label="Plan" name="plan" defaultValue={query.plan ?? ''}>
          <option value="">Every plan</option>
          <option value="free">Free</option>
          <option value="pro">Pro</option>
          <option value="enterprise">Enterprise</option>
        </FilterSelect>
        <FilterSelect label="State" name="state" defaultValue={query.state ?? ''}>
          <option value="">Every state</option>
          <option value="active">Active</option>
          <option value="suspended">Suspended</option>
        </FilterSelect>
        <Button type="submit" look="secondary">
          <Search aria-hidden className="size-4" />
          Search
        </Button>
      </form>
      {tenants.length === 0 ? (
        <EmptyState icon={<Search />} title="No tenant is like that">
          Search for a part of its name or of a member’s e-mail.
        </EmptyState>
      ) : (
        <>
          <TenantTable tenants={tenants} query={query} />
          <Pager what="tenants" page={query.page} pageSize={PAGE_SIZE} total={total} hrefOf={(page) => withQuery('/admin/tenants', { ...query, page })} />
        </>
      )}
    </PageBody>
  )
}

function TenantTable({ tenants, query }: { tenants: readonly TenantSummary[]; query: Query }) {
  return (
    <div className="overflow-x-auto rounded-xl border border-line bg-surface" tabIndex={0} role="region" aria-label="Tenants">
      <table className="tabular w-full text-[0.93rem]">
        <thead className="border-b border-line text-[0.83rem] text-muted">
          <tr>
            {COLUMNS.map((column) => (
              <Heading key={column.sort} {...column} query={query} />
            ))}
          </tr>
        </thead>
        <tbody>
          {tenants.map((tenant) => (
            <tr key={tenant.id} className="border-t border-line first:border-t-0 hover:bg-hover">
              <th scope="row" className="min-w-56 px-4 py-2.5 text-left font-normal">
                <span className="flex flex-wrap items-center gap-2">
                  <Link href={`/admin/tenants/${tenant.id}`} className="font-medium break-words hover:underline">
                    {tenant.name}
                  </Link>
                  <Badge>{tenant.plan}</Badge>
                  {tenant.suspendedAt !== null && <StateBadge suspended />}
                </span>
                <span className="block text-[0.83rem] break-all text-muted">{tenant.owner ?? 'no owner'}</span>
              </th>
              <td className="px-4 text-right">{count(tenant.members)}</td>
              <td className="px-4 text-right">
                {count(tenant.tokens)}
                <span className="block text-[0.8rem] whitespace-nowrap text-muted">{limitOf(tenant.tokenQuota ?? PLANS[tenant.plan].monthlyTokens)}</span>
              </td>
              <td className="px-4 text-right">{count(tenant.characters)}</td>
              <td className="px-4 text-right whitespace-nowrap">{DAY.format(tenant.createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Heading({ sort, label, number, query }: (typeof COLUMNS)[number] & { query: Query }) {
  const current = query.sort === sort
  const order = current ? (query.order === 'down' ? 'up' : 'down') : number ? 'down' : 'up'
  const Arrow = query.order === 'down' ? ArrowDown : ArrowUp
  return (
    <th scope="col" aria-sort={current ? (query.order === 'down' ? 'descending' : 'ascending') : undefined} className={`px-4 py-2.5 font-medium ${number ? 'text-right' : 'text-left'}`}>
      <Link href={withQuery('/admin/tenants', { ...query, sort, order, page: 1 })} className="inline-flex items-center gap-1 whitespace-nowrap hover:text-ink">
        {label}
        {current && <Arrow aria-hidden className="size-3.5" />}
      </Link>
    </th>
  )
}

function limitOf(limit: number | null): string {
  return limit === null ? 'no limit' : `of ${compact(limit)}`
}
