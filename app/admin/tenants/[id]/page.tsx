import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'

import { PageBody, Section } from '@/app/(product)/_shell/page-body'
import { LimitBar } from '@/app/(product)/usage/limit-bar'
import { CopyButton } from '@/app/_components/copy-button'
import { Notice } from '@/app/_components/notice'
import { Time } from '@/app/_components/time'
import { operatorSession } from '@/app/_server/operator-session'
import { listApiKeys } from '@/lib/db/api-keys'
import { searchAudit } from '@/lib/db/audit'
import { overallUsage, overallUsageBy, overallUsageByDay, type OperatorUsageGroup } from '@/lib/db/operator-usage'
import { findTenant, listTenantMembers } from '@/lib/db/tenants'
import { PLANS } from '@/lib/domain/plans'

import { AuditTable } from '../../_parts/audit-table'
import { Badge, StateBadge } from '../../_parts/badges'
import { queryOf, rangeOf } from '../../_parts/date-range'
import { DayChart } from '../../_parts/day-chart'
import { FigureCard } from '../../_parts/figure-card'
import { count, money } from '../../_parts/formats'
import { MeasureChooser } from '../../_parts/measure-chooser'
import { isMeasure, type Measure } from '../../_parts/measures'
import { singleParams, withQuery, type SearchParams } from '../../_parts/query'
import { RangeChooser } from '../../_parts/range-chooser'
import { RankTable } from '../../_parts/rank-table'
import { GROUP_NAMES, rankedUsage } from '../../_parts/ranked-usage'
import { SuspensionButton } from '../../_parts/suspension-button'
import { MemberList } from './member-list'
import { TenantKeyList } from './tenant-key-list'
import { TermsForm } from './terms-form'

export const metadata: Metadata = { title: 'Tenant' }

const GROUPS: readonly OperatorUsageGroup[] = ['model', 'key', 'member', 'feature']

const LIMITS = {
  free: { tokens: PLANS.free.monthlyTokens, characters: PLANS.free.monthlyCharacters },
  pro: { tokens: PLANS.pro.monthlyTokens, characters: PLANS.pro.monthlyCharacters },
  enterprise: { tokens: PLANS.enterprise.monthlyTokens, characters: PLANS.enterprise.monthlyCharacters },
}

export default async function TenantPage({ params, searchParams }: { params: Promise<{ id: string }>; searchParams: SearchParams }) {
  await operatorSession()
  const [{ id }, query] = await Promise.all([params, singleParams(searchParams)])
  const tenant = await findTenant(id)
  if (tenant === null) notFound()
  const range = rangeOf(query)
  const measure: Measure = isMeasure(query['show']) ? query['show'] : 'tokens'
  const selection = { ...range, orgId: id }
  const [members, keys, totals, days, groups, events] = await Promise.all([
    listTenantMembers(id),
    listApiKeys(id),
    overallUsage(selection),
    overallUsageByDay(selection),
    Promise.all(GROUPS.map((group) => overallUsageBy(group, selection, 50))),
    searchAudit({ orgId: id, limit: 8 }),
  ])
  const path = `/admin/tenants/${id}`
  const limits = LIMITS[tenant.plan]
  const now = new Date()
  return (
    <PageBody
      title={tenant.name}
      width="wide"
      description={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge>{tenant.plan}</Badge>
          <StateBadge suspended={tenant.suspendedAt !== null} />
          <span>
            since <Time at={tenant.createdAt.toISOString()} />
          </span>
          <code className="font-mono text-[0.83rem] break-all">{id}</code>
          <CopyButton text={id} label="Copy id" />
        </span>
      }
      action={<SuspensionButton orgId={id} name={tenant.name} suspended={tenant.suspendedAt !== null} />}
    >
      {tenant.suspendedAt !== null && (
        <div className="mb-5">
          <Notice tone="warning">
            Suspended since <Time at={tenant.suspendedAt.toISOString()} style="date-time" />. Its people and its keys are refused.
          </Notice>
        </div>
      )}
      <div className="grid grid-cols-1 items-start gap-x-6 lg:grid-cols-2">
        <Section title="Plan and quotas" description="A quota set here holds in place of the plan’s own.">
          <TermsForm orgId={id} plan={tenant.plan} tokenQuota={tenant.tokenQuota} characterQuota={tenant.characterQuota} limits={LIMITS} />
        </Section>
        <div className="mb-6 grid gap-4">
          <LimitBar title="Tokens this month" explanation="Prompt and completion, over everything." used={tenant.tokens} limit={tenant.tokenQuota ?? limits.tokens} />
          <LimitBar title="Characters this month" explanation="Source text of translations." used={tenant.characters} limit={tenant.characterQuota ?? limits.characters} />
        </div>
      </div>
      <Section title="Usage and revenue" action={<MeasureChooser measure={measure} hrefOf={(show) => withQuery(path, { ...queryOf(range), show })} />}>
        <div className="mb-5">
          <RangeChooser path={path} range={range} kept={{ show: measure }} />
        </div>
        <dl className="mb-5 grid grid-cols-2 gap-3 md:grid-cols-4">
          <FigureCard label="Revenue" value={money(totals.costMicros)} />
          <FigureCard label="Tokens" value={count(totals.promptTokens + totals.completionTokens)} />
          <FigureCard label="Characters" value={count(totals.characters)} />
          <FigureCard label="Requests" value={count(totals.requests)} />
        </dl>
        <DayChart days={days} measure={measure} />
      </Section>
      <div className="grid grid-cols-1 items-start gap-x-6 xl:grid-cols-2">
        {GROUPS.map((group, index) => (
          <Section key={group} title={`By ${GROUP_NAMES[group].toLowerCase()}`}>
            <RankTable heading={GROUP_NAMES[group]} rows={rankedUsage(group, groups[index] ?? [], id)} measure={measure} />
          </Section>
        ))}
      </div>
      <div className="grid grid-cols-1 items-start gap-x-6 xl:grid-cols-2">
        <Section title="Members" description={`${count(members.length)} in all. Their conversations are not shown here.`}>
          <MemberList orgId={id} members={members.map((member) => ({ ...member, lastSeenAt: member.lastSeenAt?.toISOString() ?? null }))} />
        </Section>
        <Section title="API keys">
          <TenantKeyList
            orgId={id}
            keys={keys.map(({ id: keyId, name, prefix, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }) => ({
              id: keyId,
              name,
              prefix,
              scopes,
              createdAt: createdAt.toISOString(),
              expiresAt: expiresAt?.toISOString() ?? null,
              lastUsedAt: lastUsedAt?.toISOString() ?? null,
              state: revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'valid',
            }))}
          />
        </Section>
      </div>
      <Section
        title="Audit log"
        action={
          <Link href={withQuery('/admin/audit', { tenant: id })} className="font-medium text-accent-ink underline underline-offset-3">
            All of it
          </Link>
        }
      >
        {events.length === 0 ? <p className="text-muted">Nothing yet.</p> : <AuditTable events={events} />}
      </Section>
    </PageBody>
  )
}
