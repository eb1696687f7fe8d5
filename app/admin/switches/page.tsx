import type { Metadata } from 'next'

import { PageBody } from '@/app/(product)/_shell/page-body'
import { operatorSession } from '@/app/_server/operator-session'
import { listFeatureSwitches } from '@/lib/db/feature-switches'
import { userEmails } from '@/lib/db/tenants'

import { SwitchList } from './switch-list'

export const metadata: Metadata = { title: 'Feature switches' }

export default async function SwitchesPage() {
  await operatorSession()
  const switches = await listFeatureSwitches()
  const emails = await userEmails(switches.flatMap(({ changedBy }) => (changedBy === null ? [] : [changedBy])))
  return (
    <PageBody title="Feature switches" description="What is turned off is refused for everybody within a second, with a message that says so. What runs already is finished.">
      <SwitchList
        switches={switches.map(({ name, enabled, changedBy, changedAt }) => ({
          name,
          enabled,
          changedBy: changedBy === null ? null : (emails.get(changedBy) ?? null),
          changedAt: changedAt?.toISOString() ?? null,
        }))}
      />
    </PageBody>
  )
}
