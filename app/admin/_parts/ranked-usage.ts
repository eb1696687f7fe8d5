import type { OperatorUsageGroup, UsageOfGroup } from '@/lib/db/operator-usage'

import type { Ranked } from './rank-table'

export const GROUP_NAMES: Record<OperatorUsageGroup, string> = { tenant: 'Tenant', model: 'Model', feature: 'Feature', key: 'Key', member: 'Member' }

const FEATURE_NAMES: Record<string, string> = { chat: 'Chat', write: 'Writing', completion: 'Completions (API)', translate: 'Translation', document: 'Documents', training: 'Training' }

/** What nobody, or something that is no more, has used is called by what it is. */
function nameOf(group: OperatorUsageGroup, { id, name }: UsageOfGroup): string {
  if (group === 'feature') return FEATURE_NAMES[id ?? ''] ?? id ?? ''
  if (name !== null) return name
  if (id !== null) return `A ${GROUP_NAMES[group].toLowerCase()} that is gone`
  return group === 'key' ? 'In the browser' : 'By API keys'
}

/** `within`: the tenant whose page it is, which then needs no naming. */
export function rankedUsage(group: OperatorUsageGroup, rows: readonly UsageOfGroup[], within?: string): Ranked[] {
  return rows.map((row) => ({
    ...row,
    key: `${row.orgId ?? ''} ${row.id ?? ''}`,
    name: nameOf(group, row),
    note: within === undefined ? row.orgName : null,
    href: hrefOf(group, row, within),
  }))
}

function hrefOf(group: OperatorUsageGroup, { id, orgId }: UsageOfGroup, within: string | undefined): string | undefined {
  const tenant = group === 'tenant' ? id : orgId
  return tenant === null || within !== undefined ? undefined : `/admin/tenants/${tenant}`
}
